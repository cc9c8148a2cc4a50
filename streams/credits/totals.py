"""Pure: the windows of a complete generation as one value for every speaker."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain

from msgspec.structs import replace

from schemas.event import SessionEvent
from schemas.ids import SpeakerLabel
from schemas.ranges import Ranges, union
from schemas.session_events import SessionSealed
from schemas.speech_events import SpeakerSummary
from schemas.word_events import SessionCounted, SpeakerCounts
from streams.credits.counts import Days, Moments, Totals, WindowCounts
from streams.credits.state import Ledger


def total(
    ledger: Ledger,
    sealed: SessionSealed,
    windows: Sequence[WindowCounts],
) -> Ledger:
    """Returns the ledger with the totals of a complete generation. Speakers who are gone leave."""
    return with_totals(ledger, _totals(ledger, sealed, windows))


def with_totals(ledger: Ledger, totals: Totals) -> Ledger:
    """Returns the ledger with these totals, and the words that were ever published for speakers."""
    ever = _ever(ledger, totals)
    present = {label: words for label, words in ever.items() if label in totals.labels}
    return replace(ledger, totals=totals, ever_words=present)


def session_counted(before: Ledger, after: Ledger, cause: SessionEvent) -> SessionCounted | None:
    """Returns the event that publishes new totals; None for the same ones.

    A word that an earlier generation had and this one has not is published as 0.
    """
    totals = after.totals
    sealed = after.sealed
    if totals is None or sealed is None or totals == before.totals:
        return None
    ever = _ever(before, totals)
    return SessionCounted(
        occurred_at_ms=cause.occurred_at_ms,
        session_id=sealed.session_id,
        owner=sealed.owner,
        generation=totals.generation,
        totals_version=after.version,
        lexicon=totals.lexicon,
        speakers=tuple(_speaker_counts(totals, label, words) for label, words in ever.items()),
        missing=totals.missing,
        total_ms=totals.total_ms,
    )


def _ever(ledger: Ledger, totals: Totals) -> dict[SpeakerLabel, tuple[str, ...]]:
    """Returns the words that each speaker has, or had before these totals."""
    ever: dict[SpeakerLabel, tuple[str, ...]] = {}
    for label in sorted({*ledger.ever_words, *totals.labels}):
        former = ledger.ever_words.get(label, ())
        present = words_of(totals.days.get(label, {}))
        ever[label] = tuple(sorted({*former, *present}))
    return ever


def words_of(days: Days) -> dict[str, int]:
    """Returns word -> count over all days, sorted by word."""
    summed: Counter[str] = Counter()
    for words in days.values():
        summed.update(words)
    return dict(sorted(summed.items()))


def _totals(ledger: Ledger, sealed: SessionSealed, windows: Sequence[WindowCounts]) -> Totals:
    # A session without windows has no speakers, whatever an earlier generation had.
    speakers: tuple[SpeakerSummary, ...] = ()
    if ledger.identified and sealed.windows:
        speakers = ledger.identified.speakers
    return Totals(
        generation=sealed.generation,
        lexicon=sealed.lexicon,
        speakers=speakers,
        days=days_of(windows),
        spoken=_spoken(windows, speakers),
        missing=_missing(windows),
        total_ms=sealed.total_ms,
    )


def days_of(windows: Sequence[WindowCounts]) -> dict[SpeakerLabel, Days]:
    """Returns the counts of each speaker."""
    found: dict[SpeakerLabel, Days] = {}
    for window in windows:
        for speaker, said in window.said.items():
            _add_moments(found.setdefault(speaker, {}), said)
    return found


def _add_moments(days: Days, said: Moments) -> None:
    """Adds the number of moments of each word to the counts of the days."""
    for day, moments_by_word in said.items():
        counts = days.setdefault(day, {})
        for word, moments in moments_by_word.items():
            counts[word] = counts.get(word, 0) + len(moments)


def _spoken(
    windows: Sequence[WindowCounts], speakers: Sequence[SpeakerSummary]
) -> dict[SpeakerLabel, dict[str, int]]:
    """Returns the words of each speaker by day. Somebody of whom no word was recognised has a day.

    A voice without a day has no row, and its talk would be nobody's.
    """
    found: dict[SpeakerLabel, Counter[str]] = {}
    for window in windows:
        for speaker, count in window.spoken.items():
            found.setdefault(speaker, Counter())[window.day] += count
    first_day = min((window.day for window in windows), default="")
    for one in speakers:
        if one.talk_ms and one.label not in found:
            found[one.label] = Counter({first_day: 0})
    return {speaker: dict(days) for speaker, days in found.items()}


def _missing(windows: Sequence[WindowCounts]) -> Ranges:
    return union(chain.from_iterable(window.missing for window in windows))


def _speaker_counts(totals: Totals, label: SpeakerLabel, words: Sequence[str]) -> SpeakerCounts:
    counts = words_of(totals.days.get(label, {}))
    nobody = SpeakerSummary(label=label, talk_ms=0, turns=0, overlap_ms=0, clips=())
    summary = totals.summary(label) or nobody
    return SpeakerCounts(
        label=label,
        words={word: counts.get(word, 0) for word in words},
        spoken=sum(totals.spoken.get(label, {}).values()),
        talk_ms=summary.talk_ms,
        turns=summary.turns,
        overlap_ms=summary.overlap_ms,
    )

"""Pure: the windows of a complete generation as one truth for every speaker."""

from collections.abc import Sequence

from msgspec.structs import replace

from schemas.event import SessionEvent
from schemas.ids import SpeakerLabel
from schemas.ranges import union
from schemas.speech_events import SpeakerSummary
from schemas.word_events import SessionCounted, SpeakerCounts
from streams.credits.state import Days, Ledger, Totals, WindowCounts


def total(
    ledger: Ledger, windows: Sequence[WindowCounts], event: SessionEvent
) -> tuple[Ledger, SessionCounted]:
    """The ledger with new totals, and the event that says them, zeros for words that are no longer there."""
    sealed, identified = ledger.sealed, ledger.identified
    assert sealed is not None
    speakers = identified.speakers if identified and sealed.windows else ()
    totals = Totals(
        generation=sealed.generation,
        lexicon=sealed.lexicon,
        speakers=speakers,
        days=_days(windows),
        spoken=_spoken(windows),
        missing=union(span for window in windows for span in window.missing),
    )
    ever = {
        label: _ever(ledger, totals, label)
        for label in sorted({*ledger.ever_words, *(s.label for s in speakers)})
    }
    ledger = replace(ledger, totals=totals, ever_words=ever)
    counted = SessionCounted(
        occurred_at_ms=event.occurred_at_ms,
        session_id=sealed.session_id,
        owner=sealed.owner,
        generation=sealed.generation,
        lexicon=sealed.lexicon,
        speakers=tuple(_counts(totals, label, ever[label]) for label in ever),
        missing=totals.missing,
        total_ms=sealed.total_ms,
    )
    return ledger, counted


def words_of(days: Days) -> dict[str, int]:
    """Word -> count over all days."""
    summed: dict[str, int] = {}
    for words in days.values():
        for word, count in words.items():
            summed[word] = summed.get(word, 0) + count
    return dict(sorted(summed.items()))


def _days(windows: Sequence[WindowCounts]) -> dict[SpeakerLabel, Days]:
    found: dict[SpeakerLabel, Days] = {}
    for window in windows:
        for speaker, days in window.said.items():
            for day, words in days.items():
                held = found.setdefault(speaker, {}).setdefault(day, {})
                for word, moments in words.items():
                    held[word] = held.get(word, 0) + len(moments)
    return found


def _spoken(windows: Sequence[WindowCounts]) -> dict[SpeakerLabel, dict[str, int]]:
    found: dict[SpeakerLabel, dict[str, int]] = {}
    for window in windows:
        for speaker, count in window.spoken.items():
            days = found.setdefault(speaker, {})
            days[window.day] = days.get(window.day, 0) + count
    return found


def _ever(ledger: Ledger, totals: Totals, label: SpeakerLabel) -> tuple[str, ...]:
    return tuple(sorted({*ledger.ever_words.get(label, ()), *words_of(totals.days.get(label, {}))}))


def _counts(totals: Totals, label: SpeakerLabel, ever: Sequence[str]) -> SpeakerCounts:
    words = words_of(totals.days.get(label, {}))
    nobody = SpeakerSummary(label=label, talk_ms=0, turns=0, overlap_ms=0, clips=())
    summary = next((s for s in totals.speakers if s.label == label), nobody)
    return SpeakerCounts(
        label=label,
        words={word: words.get(word, 0) for word in ever},
        spoken=sum(totals.spoken.get(label, {}).values()),
        talk_ms=summary.talk_ms,
        turns=summary.turns,
        overlap_ms=summary.overlap_ms,
    )

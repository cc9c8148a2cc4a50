"""Pure: events of the tally: the counted words of one window, final or provisional."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from schemas import topics
from schemas.days import day_of
from schemas.event import Event
from schemas.ids import SpeakerLabel
from schemas.objects import AttributedWords
from schemas.word_events import (
    CountedRow,
    ProvisionalWordsAttributed,
    ProvisionalWordsCounted,
    WordsAttributed,
    WordsCounted,
)
from streams.fold import Outputs
from streams.tally.counter import Counted
from streams.tally.state import Tally


def announce(before: Tally, after: Tally, _cause: Event) -> Outputs:
    """Returns the counted words of the window, final or provisional."""
    counted = after.counted
    if counted is None or counted == before.counted:
        return []
    is_final = isinstance(counted, WordsCounted)
    return [(topics.COUNTED if is_final else topics.PROVISIONAL, counted)]


def words_counted(
    event: WordsAttributed,
    words: AttributedWords,
    lexicon: str,
    counted: Sequence[Counted],
    most: int,
) -> WordsCounted:
    """Returns the whole set of rows. `most`: how many rows any generation of the window had."""
    return WordsCounted(
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        window=event.window,
        generation=event.generation,
        lexicon=lexicon,
        day=day_of(event.recorded_at_ms + event.window_start_ms, event.time_zone),
        rows=_rows(event, counted),
        most_rows=most,
        spoken=_spoken(words),
        missing=event.missing,
    )


def provisional_words_counted(
    event: ProvisionalWordsAttributed,
    words: AttributedWords,
    lexicon: str,
    counted: Sequence[Counted],
) -> ProvisionalWordsCounted:
    """Returns the counts of one window of a session that goes on."""
    counts: defaultdict[SpeakerLabel, Counter[str]] = defaultdict(Counter)
    for word in counted:
        if word.maybe:
            continue
        counts[word.speaker][word.word] += 1
    return ProvisionalWordsCounted(
        caused_by=event.event_id,
        lexicon=lexicon,
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        window=event.window,
        counts={speaker: dict(by_word) for speaker, by_word in counts.items()},
        spoken=_spoken(words),
    )


def _rows(event: WordsAttributed, counted: Sequence[Counted]) -> tuple[CountedRow, ...]:
    """The rows, each at a place of its own.

    Two counts may begin at one moment, as those of "lah-lah". The later one has the next free
    millisecond: people name a count by its place, and judge it alone.
    """
    rows: list[CountedRow] = []
    taken: set[tuple[SpeakerLabel, str, int]] = set()
    for ordinal, word in enumerate(counted):
        said_at_ms = event.recorded_at_ms + word.start_ms
        while (word.speaker, word.word, said_at_ms) in taken:
            said_at_ms += 1
        taken.add((word.speaker, word.word, said_at_ms))
        rows.append(_row(event, ordinal, word, said_at_ms))
    return tuple(rows)


def _row(event: WordsAttributed, ordinal: int, counted: Counted, said_at_ms: int) -> CountedRow:
    return CountedRow(
        ordinal=ordinal,
        speaker=counted.speaker,
        word=counted.word,
        said_at_ms=said_at_ms,
        day=day_of(said_at_ms, event.time_zone),
        probability=counted.probability,
        reason=counted.why,
        maybe=counted.maybe,
    )


def _spoken(words: AttributedWords) -> dict[SpeakerLabel, int]:
    spoken = Counter(word.speaker for word in words.words if word.speaker is not None)
    return dict(sorted(spoken.items()))

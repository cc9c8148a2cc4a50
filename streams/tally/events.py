"""Events of the tally: the counted words of one window, final or provisional."""

from collections.abc import Sequence

from schemas.days import day_of
from schemas.ids import SpeakerLabel
from schemas.objects import AttributedWords
from schemas.word_events import (
    CountedRow,
    ProvisionalWordsAttributed,
    ProvisionalWordsCounted,
    WordsAttributed,
    WordsCounted,
)
from streams.tally.counter import Counted


def words_counted(
    event: WordsAttributed,
    words: AttributedWords,
    lexicon: str,
    counted: Sequence[Counted],
    most: int,
) -> WordsCounted:
    """Builds the whole set of rows; `most` is how many rows any generation of the window held."""
    return WordsCounted(
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        window=event.window,
        generation=event.generation,
        lexicon=lexicon,
        day=day_of(event.recorded_at_ms + event.window_start_ms, event.time_zone),
        rows=tuple(_row(event, ordinal, word) for ordinal, word in enumerate(counted)),
        most_rows=most,
        spoken=_spoken(words),
        missing=event.missing,
    )


def provisional_words_counted(
    event: ProvisionalWordsAttributed,
    words: AttributedWords,
    lexicon: str,
    found: Sequence[Counted],
) -> ProvisionalWordsCounted:
    """Builds the counts of one window while the phone records."""
    counts: dict[SpeakerLabel, dict[str, int]] = {}
    for counted in found:
        said = counts.setdefault(counted.speaker, {})
        said[counted.word] = said.get(counted.word, 0) + 1
    return ProvisionalWordsCounted(
        caused_by=event.event_id,
        lexicon=lexicon,
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        window=event.window,
        counts=counts,
        spoken=_spoken(words),
    )


def _row(event: WordsAttributed, ordinal: int, counted: Counted) -> CountedRow:
    said_at_ms = event.recorded_at_ms + counted.start_ms
    return CountedRow(
        ordinal=ordinal,
        speaker=counted.speaker,
        word=counted.word,
        said_at_ms=said_at_ms,
        day=day_of(said_at_ms, event.time_zone),
        probability=counted.probability,
        reason=counted.why,
    )


def _spoken(words: AttributedWords) -> dict[SpeakerLabel, int]:
    spoken: dict[SpeakerLabel, int] = {}
    for word in words.words:
        if word.speaker is not None:
            spoken[word.speaker] = spoken.get(word.speaker, 0) + 1
    return dict(sorted(spoken.items()))

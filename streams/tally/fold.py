"""The whole set of counted words of one window, and what an earlier generation held beyond it."""

import msgspec

from schemas.days import day_of
from schemas.ids import event_id
from schemas.objects import AttributedWords
from schemas.word_events import (
    CountedRow,
    ProvisionalWordsAttributed,
    ProvisionalWordsCounted,
    WordsAttributed,
    WordsCounted,
)
from streams.store import Store
from streams.tally.counter import Counted, Counter


class Tallied(msgspec.Struct, frozen=True):
    """How many rows any generation of a window held, and the newest generation seen."""

    generation: int
    most: int


def is_old(store: Store, event: WordsAttributed) -> bool:
    """Whether a newer generation of this window was counted."""
    held = store.get(_key(event), Tallied)
    return held is not None and event.generation < held.generation


def fold(
    store: Store, event: WordsAttributed, words: AttributedWords, counter: Counter
) -> WordsCounted:
    """The same event gives the same rows, whenever it is repeated."""
    counted = counter.count(words.words)
    held = store.get(_key(event), Tallied)
    most = max(len(counted), held.most if held else 0)
    store.put(_key(event), Tallied(generation=event.generation, most=most))
    return WordsCounted(
        event_id=event_id(
            "WordsCounted", event.session_id, event.window, event.generation, counter.version
        ),
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        window=event.window,
        generation=event.generation,
        lexicon=counter.version,
        day=day_of(event.recorded_at_ms + event.window_start_ms, event.time_zone),
        rows=tuple(_row(event, ordinal, word) for ordinal, word in enumerate(counted)),
        held=most,
        spoken=_spoken(words),
        missing=event.missing,
    )


def provisional(
    event: ProvisionalWordsAttributed, words: AttributedWords, counter: Counter
) -> ProvisionalWordsCounted:
    """What is said in a window while the phone records; nothing is remembered of it."""
    counts: dict[str, dict[str, int]] = {}
    for counted in counter.count(words.words):
        said = counts.setdefault(counted.speaker, {})
        said[counted.word] = said.get(counted.word, 0) + 1
    return ProvisionalWordsCounted(
        event_id=event_id("ProvisionalWordsCounted", event.event_id, counter.version),
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        window=event.window,
        counts=counts,
        spoken=_spoken(words),
    )


def _key(event: WordsAttributed) -> str:
    return f"{event.session_id}/{event.window}"


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


def _spoken(words: AttributedWords) -> dict[str, int]:
    spoken: dict[str, int] = {}
    for word in words.words:
        if word.speaker is not None:
            spoken[word.speaker] = spoken.get(word.speaker, 0) + 1
    return dict(sorted(spoken.items()))

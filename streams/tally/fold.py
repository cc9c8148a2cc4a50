"""The whole set of counted words of one window, and what an earlier generation held beyond it."""

from schemas.objects import AttributedWords
from schemas.word_events import (
    ProvisionalWordsAttributed,
    ProvisionalWordsCounted,
    WordsAttributed,
    WordsCounted,
)
from streams.store import Store
from streams.tally.counter import Counter
from streams.tally.events import provisional_words_counted, words_counted
from streams.tally.state import Tallied, window_key


def is_old(store: Store, event: WordsAttributed) -> bool:
    """Whether a newer generation of this window was counted."""
    held = store.get(window_key(event), Tallied)
    return held is not None and event.generation < held.generation


def fold(
    store: Store, event: WordsAttributed, words: AttributedWords, counter: Counter
) -> WordsCounted:
    """The same event gives the same rows, whenever it is repeated."""
    counted = counter.count(words.words)
    held = store.get(window_key(event), Tallied)
    most = max(len(counted), held.most if held else 0)
    store.put(window_key(event), Tallied(generation=event.generation, most=most))
    return words_counted(event, words, counter.version, counted, most)


def provisional(
    event: ProvisionalWordsAttributed, words: AttributedWords, counter: Counter
) -> ProvisionalWordsCounted:
    """What is said in a window while the phone records; nothing is remembered of it."""
    return provisional_words_counted(event, words, counter.version, counter.count(words.words))

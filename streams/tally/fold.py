"""Pure: the whole set of counted words of one window."""

from schemas.objects import AttributedWords
from schemas.word_events import WordsAttributed, WordsCounted
from streams.store import Store
from streams.tally.counter import Counter
from streams.tally.events import words_counted
from streams.tally.state import Tallied, window_key


def is_old(store: Store, event: WordsAttributed) -> bool:
    """Returns whether a newer generation of this window was counted before."""
    tallied = store.get(window_key(event), Tallied)
    return tallied is not None and event.generation < tallied.generation


def fold(
    store: Store, event: WordsAttributed, words: AttributedWords, counter: Counter
) -> WordsCounted:
    """Counts a window. Repeatable: the same event gives the same rows."""
    counted = counter.count(words.words)
    tallied = store.get(window_key(event), Tallied)
    most = max(len(counted), tallied.most if tallied else 0)
    store.put(window_key(event), Tallied(generation=event.generation, most=most))
    return words_counted(event, words, counter.version, counted, most)

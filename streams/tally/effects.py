"""Fetches the words of a window and counts them. Blocking."""

import msgspec

from adapters.objects.lexicons import Lexicons
from adapters.objects.store import BlobStore
from schemas import topics
from schemas.event import Event, Pointer
from schemas.lexicon import Lexicon
from schemas.objects import AttributedWords
from schemas.word_events import ProvisionalWordsAttributed, WordsAttributed
from streams.fold import Outputs, Run
from streams.store import Store
from streams.tally.counter import Counter
from streams.tally.events import provisional_words_counted
from streams.tally.fold import fold, is_old


class Counters:
    """One counter for each version of the lexicon. `current` is the worker's own.

    Blocking: other versions are fetched once.
    """

    def __init__(self, lexicons: Lexicons, current: Lexicon) -> None:
        self.current = Counter(current)
        self._lexicons = lexicons
        self._by_version = {current.version: self.current}

    def of(self, version: str) -> Counter:
        """Returns the counter of a version. Raises Rejected when there never was such a lexicon."""
        if version not in self._by_version:
            self._by_version[version] = Counter(self._lexicons.get(version))
        return self._by_version[version]


def runner(blobs: BlobStore, counters: Counters) -> Run:
    """Returns the fold with its words fetched. Blocking; repeatable.

    Words of a generation are counted by the generation's lexicon, provisional ones by the current.
    """

    def run(store: Store, event: Event) -> Outputs:
        if isinstance(event, ProvisionalWordsAttributed):
            return _count_provisional(blobs, counters.current, event)
        if not isinstance(event, WordsAttributed) or is_old(store, event):
            return []
        words = _words(blobs, event.words)
        return [(topics.COUNTED, fold(store, event, words, counters.of(event.lexicon)))]

    return run


def _count_provisional(
    blobs: BlobStore, counter: Counter, event: ProvisionalWordsAttributed
) -> Outputs:
    words = _words(blobs, event.words)
    counted = counter.count(words.words)
    answer = provisional_words_counted(event, words, counter.version, counted)
    return [(topics.PROVISIONAL, answer)]


def _words(blobs: BlobStore, pointer: Pointer | None) -> AttributedWords:
    if pointer is None:
        return AttributedWords(words=())
    return msgspec.json.decode(blobs.get(pointer), type=AttributedWords)

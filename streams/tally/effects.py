"""Fetching a window's words and counting them. Blocking."""

from collections.abc import Callable

import msgspec

from adapters.objects.lexicons import Lexicons
from adapters.objects.store import BlobStore
from schemas import topics
from schemas.event import Event, Pointer
from schemas.lexicon import Lexicon
from schemas.objects import AttributedWords
from schemas.word_events import ProvisionalWordsAttributed, WordsAttributed
from streams.fold import Outputs
from streams.store import Store
from streams.tally.counter import Counter
from streams.tally.fold import fold, is_old, provisional


class Counters:
    """One counter a lexicon version; those that are not the worker's own are fetched once. Blocking."""

    def __init__(self, lexicons: Lexicons, current: Lexicon) -> None:
        self.current = Counter(current)
        self._lexicons, self._held = lexicons, {current.version: self.current}

    def of(self, version: str) -> Counter:
        """Rejected when there never was such a lexicon."""
        if version not in self._held:
            self._held[version] = Counter(self._lexicons.get(version))
        return self._held[version]


def runner(blobs: BlobStore, counters: Counters) -> Callable[[Store, Event], Outputs]:
    """The fold with its words fetched, counted by the lexicon of the session's generation."""

    def run(store: Store, event: Event) -> Outputs:
        if isinstance(event, ProvisionalWordsAttributed):
            return [
                (
                    topics.PROVISIONAL,
                    provisional(event, _words(blobs, event.words), counters.current),
                )
            ]
        if not isinstance(event, WordsAttributed) or is_old(store, event):
            return []
        words = _words(blobs, event.words)
        return [(topics.COUNTED, fold(store, event, words, counters.of(event.lexicon)))]

    return run


def _words(blobs: BlobStore, pointer: Pointer | None) -> AttributedWords:
    return (
        msgspec.json.decode(blobs.get(pointer), type=AttributedWords)
        if pointer
        else AttributedWords(words=())
    )

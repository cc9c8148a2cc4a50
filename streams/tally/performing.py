"""Fetching a window's words and counting them. Blocking."""

from collections.abc import Callable

import msgspec

from adapters.object_store import BlobStore
from schemas import topics
from schemas.event import Event
from schemas.objects import AttributedWords
from schemas.word_events import WordsAttributed
from streams.decision import Outputs
from streams.store import Store
from streams.tally.counting import Counter
from streams.tally.fold import fold, is_old


def runner(blobs: BlobStore, counter: Counter) -> Callable[[Store, Event], Outputs]:
    """The fold with its words fetched."""

    def run(store: Store, event: Event) -> Outputs:
        if not isinstance(event, WordsAttributed) or is_old(store, event):
            return []
        words = AttributedWords(words=())
        if event.words is not None:
            words = msgspec.json.decode(blobs.get(event.words), type=AttributedWords)
        return [(topics.COUNTED, fold(store, event, words, counter))]

    return run

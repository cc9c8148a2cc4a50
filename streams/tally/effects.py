"""The tally fold with its words fetched. Blocking."""

from collections.abc import Sequence

from cachetools import LRUCache
from msgspec.structs import replace

from adapters.objects.lexicons import Lexicons
from schemas.codec import document
from schemas.event import Event, Pointer, SessionEvent
from schemas.fact_sheet import Topic
from schemas.lexicon import Lexicon
from schemas.objects import AttributedWords
from schemas.word_events import ProvisionalWordsAttributed, WordsAttributed
from streams.fold import Ahead, Shape, as_announced
from streams.read_ahead import ReadAhead, Reader
from streams.store import Store
from streams.tally.announce import announce
from streams.tally.counter import Counter
from streams.tally.fold import Words, decide, is_newest
from streams.tally.state import Tallied, TalliedSession, Tally, window_key

_ATTRIBUTED = WordsAttributed | ProvisionalWordsAttributed
KEPT = 100
"""Counters of other lexicons than the worker's own, 0.2 MB each. Every group may have some."""


class Counters:
    """A counter for each version of the lexicon. `current` is the worker's own, which stays.

    Blocking: another version is fetched when it was not used lately.
    """

    def __init__(self, lexicons: Lexicons, current: Lexicon) -> None:
        self.current = Counter(current)
        self._lexicons = lexicons
        self._others: LRUCache[str, Counter] = LRUCache(KEPT)

    def of(self, version: str) -> Counter:
        """Returns the counter of a version. Raises Rejected when there never was such a lexicon."""
        if version == self.current.version:
            return self.current
        counter = self._others.get(version) or Counter(self._lexicons.get(version))
        self._others[version] = counter
        return counter


def words_ahead(objects: ReadAhead) -> Ahead:
    """Returns the reader ahead of the fold: a session of an hour has the words of 180 windows."""

    def ahead(events: Sequence[Event]) -> None:
        pointers = [event.words for event in events if isinstance(event, _ATTRIBUTED)]
        objects.expect(pointer for pointer in pointers if pointer is not None)

    return ahead


def shape(objects: Reader, counters: Counters) -> Shape[Tally, Words | None, tuple[Topic, Event]]:
    """Returns the fold. Blocking; repeatable.

    Words of a generation are counted by the generation's lexicon, provisional ones by the current.
    """

    def fetch(state: Tally, event: Event) -> Words | None:
        if state.is_closed:
            return None
        match event:
            case WordsAttributed() if is_newest(state, event):
                return Words(_words(objects, event.words), counters.of(event.lexicon))
            case ProvisionalWordsAttributed():
                return Words(_words(objects, event.words), counters.current)
        return None

    return Shape(
        load=_load,
        fetch=fetch,
        decide=decide,
        announce=announce,
        publish=as_announced,
        save=_save,
    )


def _load(store: Store, event: Event) -> Tally | None:
    if not isinstance(event, SessionEvent):
        return None
    state = Tally(session_id=event.session_id, session=store.get(event.session_id, TalliedSession))
    if not isinstance(event, WordsAttributed):
        return state
    tallied = store.get(window_key(event.session_id, event.window), Tallied)
    return replace(state, window=event.window, tallied=tallied)


def _save(store: Store, before: Tally, after: Tally) -> None:
    session_id = after.session_id
    store.set(session_id, after.session)
    if after.is_closed and before.session:
        for window in range(before.session.windows):
            store.delete(window_key(session_id, window))
    elif after.tallied is not None:
        store.put(window_key(session_id, after.window), after.tallied)


def _words(objects: Reader, pointer: Pointer | None) -> AttributedWords:
    if pointer is None:
        return AttributedWords(words=())
    return document(objects.get(pointer), AttributedWords)

"""Carries out the orders of the attribution fold: objects in, objects and events out. Blocking."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain

from adapters.erasure.erasable_objects import ErasableTexts
from adapters.objects.store import BlobStore, put_by_digest
from adapters.process.clock import Clock
from adapters.process.logs import logger
from schemas import topics
from schemas.codec import document, encode
from schemas.event import Event, Pointer
from schemas.fact_sheet import Topic
from schemas.object_kinds import (
    ATTRIBUTED_WORDS,
    MANIFEST,
    PROVISIONAL_MANIFEST,
    PROVISIONAL_WORDS,
)
from schemas.objects import (
    AttributedWords,
    TranscribedWord,
    TranscribedWords,
    Turns,
    VoicesManifest,
)
from schemas.rejections import Reason, Rejected
from schemas.speech_events import ProvisionalVoicesComplete, VoicesComplete
from schemas.word_events import ProvisionalWordsAttributed, WordsAttributed
from streams.attribution import events
from streams.attribution.announce import announce
from streams.attribution.fold import decide
from streams.attribution.speakers import attribute
from streams.attribution.state import (
    AttributeProvisionalWindow,
    AttributeWindow,
    Attribution,
    CompleteProvisionalVoices,
    CompleteVoices,
    Order,
    load,
    save,
    session_of,
)
from streams.fold import Outputs, Shape, no_inputs

READERS = 8
"""Windows whose words are read and written at a time: most of the time is waiting for the store."""
NEIGHBOURS = 64
"""Windows whose words are kept while their neighbours are attributed."""
TurnsOf = Callable[[Pointer], Turns]
WordsOf = Callable[[Pointer], tuple[TranscribedWord, ...]]


@dataclass(frozen=True)
class _Sources:
    """The objects that orders ask for, each read once where several of them do."""

    turns: TurnsOf
    words: WordsOf


def shape(blobs: BlobStore, clock: Clock, window_ms: int) -> Shape[Attribution, None, Order]:
    """Returns the fold with its orders carried out. Blocking; repeatable."""
    readers = ThreadPoolExecutor(READERS, thread_name_prefix="attribution")
    objects = ErasableTexts(blobs)

    def publish(orders: list[Order]) -> Outputs:
        try:
            return carried_out(orders)
        finally:
            # A worker that was paused writes objects after its successor handled the erasure.
            objects.remove(objects.erased({session_of(order) for order in orders}))

    def carried_out(orders: list[Order]) -> Outputs:
        sources = _sources(blobs)

        def done(order: Order) -> Outputs:
            try:
                return [_done(blobs, clock, order, sources, window_ms)]
            except Rejected as error:
                if objects.may_be_gone(session_of(order)):
                    raise
                return _faults(order, sources.turns, error.reason, clock())

        # Turns are read once, before all windows ask for them at the same time.
        first = list(map(done, orders[:1]))
        found = chain.from_iterable([*first, *_side_by_side(readers, done, orders[1:])])
        return list({event.event_id: (topic, event) for topic, event in found}.values())

    return Shape(
        load=load,
        fetch=no_inputs,
        decide=decide,
        announce=announce,
        publish=publish,
        save=save,
    )


def _side_by_side(
    readers: ThreadPoolExecutor, done: Callable[[Order], Outputs], orders: Sequence[Order]
) -> list[Outputs]:
    """The outputs of each order. Nothing is under way any more when this returns or raises."""
    under_way = [readers.submit(done, order) for order in orders]
    try:
        return [one.result() for one in under_way]
    finally:
        for one in under_way:
            one.cancel()
        wait(under_way)


def _sources(blobs: BlobStore) -> _Sources:
    def turns(pointer: Pointer) -> Turns:
        return document(blobs.get(pointer), Turns)

    def words(pointer: Pointer) -> tuple[TranscribedWord, ...]:
        return document(blobs.get(pointer), TranscribedWords).words

    return _Sources(cache(turns), lru_cache(NEIGHBOURS)(words))


def _faults(order: Order, turns: TurnsOf, reason: Reason, now_ms: int) -> Outputs:
    """Says which window has no words, or that nobody has turns. Its neighbours go on.

    Nobody waits for a provisional window.
    """
    logger().warning("order_given_up", order=type(order).__name__, reason=reason)
    if not isinstance(order, AttributeWindow):
        return []
    window: int | None = order.window
    try:
        turns(order.turns)
    except Rejected:
        window = None
    return [(topics.FAULTS, events.fault(order.sealed, window, reason, now_ms))]


def _done(
    blobs: BlobStore, clock: Clock, order: Order, sources: _Sources, window_ms: int
) -> tuple[Topic, Event]:
    match order:
        case CompleteVoices():
            return topics.VOICES_COMPLETE, _complete(blobs, clock, order)
        case AttributeWindow():
            return topics.ATTRIBUTED, _attribute(blobs, clock, order, sources)
        case CompleteProvisionalVoices():
            return topics.VOICES_COMPLETE, _complete_provisional(blobs, clock, order, window_ms)
        case AttributeProvisionalWindow():
            return topics.ATTRIBUTED, _attribute_provisional(blobs, clock, order, sources)


def _complete(blobs: BlobStore, clock: Clock, order: CompleteVoices) -> VoicesComplete:
    sealed = order.sealed
    manifest = VoicesManifest(
        total_ms=sealed.total_ms,
        window_ms=sealed.window_ms,
        voices=order.voices,
        former=order.former,
        constraints=order.constraints,
    )
    stored = put_by_digest(
        blobs,
        MANIFEST,
        encode(manifest),
        session_id=sealed.session_id,
        generation=sealed.generation,
    )
    return events.voices_complete(sealed, stored, clock())


def _complete_provisional(
    blobs: BlobStore, clock: Clock, order: CompleteProvisionalVoices, window_ms: int
) -> ProvisionalVoicesComplete:
    manifest = VoicesManifest(
        total_ms=order.through * window_ms,
        window_ms=window_ms,
        voices=order.voices,
        former=order.former,
        first=order.first,
    )
    stored = put_by_digest(
        blobs,
        PROVISIONAL_MANIFEST,
        encode(manifest),
        session_id=order.session_id,
        through=order.through,
    )
    return events.provisional_voices_complete(order, stored, clock())


def _attribute_provisional(
    blobs: BlobStore, clock: Clock, order: AttributeProvisionalWindow, sources: _Sources
) -> ProvisionalWordsAttributed:
    words = attribute(sources.words(order.words), sources.turns(order.turns))
    stored = put_by_digest(
        blobs,
        PROVISIONAL_WORDS,
        encode(AttributedWords(words=words)),
        session_id=order.session_id,
        window=order.window,
    )
    return events.provisional_words_attributed(order, stored, clock())


def _attribute(
    blobs: BlobStore, clock: Clock, order: AttributeWindow, sources: _Sources
) -> WordsAttributed:
    stored = None
    if order.words is not None:
        stored = put_by_digest(
            blobs,
            ATTRIBUTED_WORDS,
            encode(_attributed(order, order.words, sources)),
            session_id=order.sealed.session_id,
            window=order.window,
        )
    return events.words_attributed(order.sealed, order.window, stored, order.missing, clock())


def _attributed(order: AttributeWindow, words: Pointer, sources: _Sources) -> AttributedWords:
    turns = sources.turns(order.turns)
    return AttributedWords(
        words=attribute(sources.words(words), turns),
        before=attribute(_neighbour(order.before, sources), turns),
        after=attribute(_neighbour(order.after, sources), turns),
    )


def _neighbour(words: Pointer | None, sources: _Sources) -> tuple[TranscribedWord, ...]:
    """The words of a neighbour; none where they are lost: its own order says so.

    They are made anew then, and so is this window.
    """
    if words is None:
        return ()
    try:
        return sources.words(words)
    except Rejected:
        return ()

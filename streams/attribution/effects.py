"""Carries out the orders of the attribution fold: objects in, objects and events out. Blocking."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import chain

from adapters.erasure.erasable_objects import ErasableTexts
from adapters.objects.store import BlobStore, put_by_digest
from adapters.process.clock import Clock
from adapters.process.logs import logger
from schemas import topics
from schemas.codec import encode
from schemas.event import Event, Pointer
from schemas.fact_sheet import Topic
from schemas.object_kinds import (
    ATTRIBUTED_WORDS,
    MANIFEST,
    PROVISIONAL_MANIFEST,
    PROVISIONAL_WORDS,
)
from schemas.objects import AttributedWords, VoicesManifest
from schemas.rejections import Reason, Rejected
from schemas.speech_events import ProvisionalVoicesComplete, VoicesComplete
from schemas.word_events import ProvisionalWordsAttributed, WordsAttributed
from streams.attribution import events
from streams.attribution.announce import announce
from streams.attribution.fold import decide
from streams.attribution.sources import Sources, sources_in, turns_in
from streams.attribution.state import (
    AttributeProvisionalWindow,
    AttributeWindow,
    Attribution,
    CompleteProvisionalVoices,
    CompleteVoices,
    GoOn,
    Order,
    load,
    save,
    session_of,
)
from streams.fold import Outputs, Shape, no_inputs

READERS = 8
"""Windows whose words are read and written at a time: most of the time is waiting for the store."""


def shape(blobs: BlobStore, clock: Clock, window_ms: int) -> Shape[Attribution, None, Order]:
    """Returns the fold with its orders carried out. Blocking; repeatable."""
    return Shape(
        load=load,
        fetch=no_inputs,
        decide=decide,
        announce=announce,
        publish=_Effects(blobs, clock, window_ms).publish,
        save=save,
    )


class _Effects:
    """Carries orders out. Blocking; repeatable."""

    def __init__(self, blobs: BlobStore, clock: Clock, window_ms: int) -> None:
        self._blobs = blobs
        self._clock = clock
        self._window_ms = window_ms
        self._objects = ErasableTexts(blobs)
        self._read_turns = turns_in(blobs)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="attribution")

    def publish(self, orders: list[Order]) -> Outputs:
        """Returns the events of all orders, after their objects are stored."""
        try:
            return self._carried_out(orders)
        finally:
            # A worker that was paused writes objects after its successor handled the erasure.
            sessions = {session_of(order) for order in orders}
            self._objects.remove(self._objects.erased(sessions))

    def _carried_out(self, orders: list[Order]) -> Outputs:
        sources = sources_in(self._blobs, self._read_turns)

        def done(order: Order) -> Outputs:
            return self._done_or_told(order, sources)

        # Turns are read once, before all windows ask for them at the same time.
        first = list(map(done, orders[:1]))
        found = chain.from_iterable([*first, *_side_by_side(self._readers, done, orders[1:])])
        return list({event.event_id: (topic, event) for topic, event in found}.values())

    def _done_or_told(self, order: Order, sources: Sources) -> Outputs:
        try:
            return [self._done(order, sources)]
        except Rejected as error:
            if self._objects.may_be_gone(session_of(order)):
                raise
            return _faults(order, sources, error.reason, self._clock())

    def _done(self, order: Order, sources: Sources) -> tuple[Topic, Event]:
        match order:
            case CompleteVoices():
                return topics.VOICES_COMPLETE, self._complete(order)
            case AttributeWindow():
                return topics.ATTRIBUTED, self._attribute(order, sources)
            case GoOn():
                return topics.SLICES, events.slice_attributed(order, self._clock())
            case CompleteProvisionalVoices():
                return topics.VOICES_COMPLETE, self._complete_provisional(order)
            case AttributeProvisionalWindow():
                return topics.ATTRIBUTED, self._attribute_provisional(order, sources)

    def _complete(self, order: CompleteVoices) -> VoicesComplete:
        sealed = order.sealed
        manifest = VoicesManifest(
            total_ms=sealed.total_ms,
            window_ms=sealed.window_ms,
            voices=order.voices,
            former=order.former,
            constraints=order.constraints,
        )
        stored = put_by_digest(
            self._blobs,
            MANIFEST,
            encode(manifest),
            session_id=sealed.session_id,
            generation=sealed.generation,
        )
        return events.voices_complete(sealed, stored, self._clock())

    def _complete_provisional(self, order: CompleteProvisionalVoices) -> ProvisionalVoicesComplete:
        manifest = VoicesManifest(
            total_ms=order.through * self._window_ms,
            window_ms=self._window_ms,
            voices=order.voices,
            former=order.former,
            first=order.first,
        )
        stored = put_by_digest(
            self._blobs,
            PROVISIONAL_MANIFEST,
            encode(manifest),
            session_id=order.session_id,
            through=order.through,
        )
        return events.provisional_voices_complete(order, stored, self._clock())

    def _attribute_provisional(
        self, order: AttributeProvisionalWindow, sources: Sources
    ) -> ProvisionalWordsAttributed:
        words = sources.attributed(order.words, order.turns)
        stored = put_by_digest(
            self._blobs,
            PROVISIONAL_WORDS,
            encode(AttributedWords(words=words)),
            session_id=order.session_id,
            window=order.window,
        )
        return events.provisional_words_attributed(order, stored, self._clock())

    def _attribute(self, order: AttributeWindow, sources: Sources) -> WordsAttributed:
        stored = None
        if order.words is not None:
            stored = put_by_digest(
                self._blobs,
                ATTRIBUTED_WORDS,
                encode(_attributed(order, order.words, sources)),
                session_id=order.sealed.session_id,
                window=order.window,
            )
        return events.words_attributed(
            order.sealed, order.window, stored, order.missing, self._clock()
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


def _faults(order: Order, sources: Sources, reason: Reason, now_ms: int) -> Outputs:
    """Says which window has no words, or that nobody has turns. Its neighbours go on.

    Nobody waits for a provisional window.
    """
    logger().warning("order_given_up", order=type(order).__name__, reason=reason)
    if not isinstance(order, AttributeWindow):
        return []
    window: int | None = order.window
    try:
        sources.turns(order.turns)
    except Rejected:
        window = None
    return [(topics.FAULTS, events.fault(order.sealed, window, reason, now_ms))]


def _attributed(order: AttributeWindow, words: Pointer, sources: Sources) -> AttributedWords:
    return AttributedWords(
        words=sources.attributed(words, order.turns),
        before=sources.neighbour(order.before, order.turns),
        after=sources.neighbour(order.after, order.turns),
    )

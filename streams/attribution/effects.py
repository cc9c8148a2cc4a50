"""Carries out the orders of the attribution fold: objects in, objects and events out. Blocking."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import msgspec

from adapters.objects.store import BlobStore, put_by_digest
from adapters.process.clock import Clock
from schemas import topics
from schemas.codec import encode
from schemas.event import Event, Pointer
from schemas.object_kinds import (
    ATTRIBUTED_WORDS,
    MANIFEST,
    PROVISIONAL_MANIFEST,
    PROVISIONAL_WORDS,
)
from schemas.objects import AttributedWords, TranscribedWords, Turns, VoicesManifest
from schemas.speech_events import ProvisionalVoicesComplete, VoicesComplete
from schemas.topics import Topic
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
)
from streams.fold import Outputs, Shape, no_inputs

READERS = 8
"""Windows whose words are read and written at a time: most of the time is waiting for the store."""
TurnsOf = Callable[[Pointer], Turns]


def shape(blobs: BlobStore, clock: Clock, window_ms: int) -> Shape[Attribution, None, Order]:
    """Returns the fold with its orders carried out. Blocking; repeatable."""
    readers = ThreadPoolExecutor(READERS, thread_name_prefix="attribution")

    def publish(orders: list[Order]) -> Outputs:
        turns = cache(lambda pointer: msgspec.json.decode(blobs.get(pointer), type=Turns))
        for order in orders:
            if isinstance(order, AttributeWindow | AttributeProvisionalWindow):
                turns(order.turns)  # read once, before all windows ask for it at the same time
        return list(readers.map(lambda order: _done(blobs, clock, order, turns, window_ms), orders))

    return Shape(
        load=load,
        fetch=no_inputs,
        decide=decide,
        announce=announce,
        publish=publish,
        save=save,
    )


def _done(
    blobs: BlobStore, clock: Clock, order: Order, turns: TurnsOf, window_ms: int
) -> tuple[Topic, Event]:
    match order:
        case CompleteVoices():
            return topics.VOICES_COMPLETE, _complete(blobs, clock, order)
        case AttributeWindow():
            return topics.ATTRIBUTED, _attribute(blobs, clock, order, turns)
        case CompleteProvisionalVoices():
            return topics.VOICES_COMPLETE, _complete_provisional(blobs, clock, order, window_ms)
        case AttributeProvisionalWindow():
            return topics.ATTRIBUTED, _attribute_provisional(blobs, clock, order, turns)


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
    blobs: BlobStore, clock: Clock, order: AttributeProvisionalWindow, turns: TurnsOf
) -> ProvisionalWordsAttributed:
    stored = put_by_digest(
        blobs,
        PROVISIONAL_WORDS,
        _attributed(blobs, order.words, turns(order.turns)),
        session_id=order.session_id,
        window=order.window,
    )
    return events.provisional_words_attributed(order, stored, clock())


def _attribute(
    blobs: BlobStore, clock: Clock, order: AttributeWindow, turns: TurnsOf
) -> WordsAttributed:
    stored = None
    if order.words is not None:
        stored = put_by_digest(
            blobs,
            ATTRIBUTED_WORDS,
            _attributed(blobs, order.words, turns(order.turns)),
            session_id=order.sealed.session_id,
            window=order.window,
        )
    return events.words_attributed(order, stored, clock())


def _attributed(blobs: BlobStore, words: Pointer, turns: Turns) -> bytes:
    found = msgspec.json.decode(blobs.get(words), type=TranscribedWords)
    return encode(AttributedWords(words=attribute(found.words, turns)))

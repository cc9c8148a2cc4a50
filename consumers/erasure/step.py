"""Erased sessions and people: objects, rows, and what others hold; texts whose time is over."""

from collections.abc import Callable, Sequence
from typing import Protocol

from adapters.errors import TransientError
from adapters.kafka.consumer import Place
from adapters.objects.store import BlobStore, erase_session, expire_words
from adapters.process.clock import Clock
from adapters.warehouse import Statements
from consumers.erasure import user_erasure
from consumers.runtime import erasing
from consumers.runtime.outcome import DeadLettered, Done, Outcome, Record
from schemas import topics
from schemas.event import Event
from schemas.people_events import UserErased
from schemas.rejections import Reason
from schemas.session_events import SessionErased, TextExpired
from schemas.topics import Topic
from schemas.word_events import WarehouseChanged


class Behind(Protocol):
    """Port of `adapters.kafka.offsets.GroupOffsets`: how far the sink is."""

    def ends(self) -> dict[Place, int]: ...
    def has_passed(self, ends: dict[Place, int]) -> bool: ...


class Erasure:
    """Every effect is repeatable: a message that comes again finds less to do."""

    name = "erasure"
    batch_size = 100
    counts_attempts = False

    def __init__(
        self,
        blobs: BlobStore,
        warehouse: Statements,
        clock: Clock,
        sink: Behind,
        publish: Callable[[Sequence[tuple[Topic, Event]]], None],
    ) -> None:
        self._blobs, self._warehouse, self._clock, self._sink, self._publish = (
            blobs,
            warehouse,
            clock,
            sink,
            publish,
        )
        self._ends: dict[str, dict[Place, int]] = {}

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        """Blocking: returns when everything is gone. TransientError while others have yet to let go."""
        return [self._one(record.event) for record in records]

    def _one(self, event: Event) -> Outcome:
        match event:
            case SessionErased():
                return self._session(event)
            case TextExpired():
                expire_words(self._blobs, event.session_id)
            case UserErased():
                return self._user(event)
        return Done()

    def _session(self, event: SessionErased) -> Outcome:
        erase_session(self._blobs, event.session_id)
        days = erasing.span(event.recorded_at_ms, event.audio_ms)
        erasing.mark(self._warehouse, event.session_id, days)
        erasing.erase_rows(self._warehouse, event.session_id, days)
        changed = WarehouseChanged(
            caused_by=event.event_id,
            occurred_at_ms=self._clock(),
            days=erasing.each(*days),
            users=(),
        )
        return Done(((topics.WAREHOUSE_CHANGED, changed),))

    def _user(self, event: UserErased) -> Outcome:
        self._publish(user_erasure.requests(self._warehouse, event))
        # Whatever was decided before is in the warehouse once the sink has passed these offsets: nothing is overlooked.
        if event.event_id not in self._ends:
            self._ends[event.event_id] = self._sink.ends()
        if not self._sink.has_passed(self._ends[event.event_id]) or user_erasure.is_left(
            self._warehouse, event
        ):
            raise TransientError("not everything of an erased user was let go of yet")
        user_erasure.erase(self._warehouse, event)
        self._ends.pop(event.event_id)
        return Done()

    def give_up(self, record: Record) -> DeadLettered:
        """Attempts are not counted; the loop never asks this of this stage."""
        return DeadLettered(Reason.ATTEMPTS_EXHAUSTED, "erasure")

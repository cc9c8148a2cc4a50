"""Removes what is left of erased sessions, of expired texts and of people who left."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from adapters.erasure.erasable_objects import erase_session, expire_text
from adapters.erasure.erasable_rows import Days, erase_rows, mark_session
from adapters.erasure.record import ErasureRecord
from adapters.kafka.offsets import HeldProgress
from adapters.kafka.publisher import PublishEvents
from adapters.objects.store import BlobStore
from adapters.process.clock import Clock, Every, earlier
from adapters.process.retry import MachineError
from adapters.warehouse import Statements
from consumers.erasure import user_erasure, user_releases
from consumers.erasure.erased_people import ErasedPeople
from consumers.erasure.late_writes import LateWrites
from consumers.erasure.old_marks import OldMarks
from consumers.erasure.released import Released, Wait
from consumers.erasure.repeats import covered
from consumers.runtime.housekeeping import keep_house
from consumers.runtime.outcome import DeadLettered, Done, Dropped, Outcome, Postponed, Record
from schemas import topics
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.ids import EventId
from schemas.limits import HOUR_MS
from schemas.people_events import UserErased
from schemas.rejections import Reason
from schemas.session_events import SessionErased, TextExpired
from schemas.word_events import WarehouseChanged

LOOK_MS = HOUR_MS
"""Time between two looks for what is old."""
PATIENCE_S = 3_600.0
"""Time after which a person is erased although something of theirs was not released.

The folds then have a defect: an operator is told by a dead letter, and `ErasedPeople` looks each
day for what comes back.
"""
AWAY_S = 600.0
"""An erasure that nobody looked at for so long is another member's. Looks come every few seconds.
"""


class Erasure:
    """One message at a time. Every effect is repeatable: a repeat finds less to do.

    An erasure that has to wait for something waits alone: those behind it are done at once.
    """

    name = "erasure"
    batch_size = 100
    counts_attempts = False
    gather_s = 0.0

    def __init__(
        self,
        blobs: BlobStore,
        warehouse: Statements,
        clock: Clock,
        sink: HeldProgress,
        folds: Sequence[HeldProgress],
        publish: PublishEvents,
        record: ErasureRecord,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """`folds` are those that release what is a person's. `clock_s` never goes back."""
        self._blobs = blobs
        self._warehouse = warehouse
        self._clock = clock
        self._clock_s = clock_s
        self._released = Released(sink, folds)
        self._publish = publish
        self._record = record
        self._sure_clock = earlier(clock, blobs.now_ms)
        self._looks = Every(LOOK_MS)
        self._house_ms = 0
        """The time (Unix) of the last look for what is old: late writes are those up to it."""
        self._late_writes = LateWrites(blobs, warehouse, publish)
        self._old_marks = OldMarks(blobs, warehouse)
        self._people = ErasedPeople(warehouse, clock, publish)
        self._waits: dict[EventId, Wait] = {}
        self._busy_s = 0.0

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        """Blocking: returns when everything is gone that can go now."""
        self._forget_those_away()
        with self._busy():
            return self._outcomes(records)

    @contextmanager
    def _busy(self) -> Iterator[None]:
        """Nobody can look at those who wait meanwhile."""
        began_s = self._clock_s()
        try:
            yield
        finally:
            self._busy_s += self._clock_s() - began_s

    def _outcomes(self, records: Sequence[Record]) -> list[Outcome]:
        events = [record.event for record in records]
        done_by_others = covered(events)
        return [
            self._covered(event) if place in done_by_others else self._one(event)
            for place, event in enumerate(events)
        ]

    def keep_house(self) -> None:
        """Remove what came back, and marks of what cannot any more, at most once in LOOK_MS.

        Late writes are looked for again while more are left: messages have their turn in between.
        The object store says what time it is too: marks that left too early would let come back
        what was erased.
        """
        own_ms = self._clock()
        if self._looks.is_due(own_ms):
            self._house_ms = self._sure_clock()
            self._keep(
                self._late_writes.look,
                self._old_marks.remove,
                self._people.look,
                self._record.forget,
            )
            self._looks.mark(own_ms)
        elif self._late_writes.is_behind:
            self._keep(self._late_writes.look)

    def _keep(self, *works: Callable[[int], None]) -> None:
        with self._busy():
            for work in works:
                keep_house(self.name, partial(work, self._house_ms))

    def _forget_those_away(self) -> None:
        """An erasure whose partition comes back waits anew: nobody was patient here meanwhile.

        While others were erased here, or the house was kept, nobody could look.
        """
        now_s = self._idle_s()
        away = [one for one, wait in self._waits.items() if now_s - wait.looked_s > AWAY_S]
        for one in away:
            del self._waits[one]

    def _idle_s(self) -> float:
        """The time without that in which the worker was busy before."""
        return self._clock_s() - self._busy_s

    def _covered(self, event: Event) -> Outcome:
        self._waits.pop(event.event_id, None)  # the newer one waits in its place
        return Dropped("a newer erasure of the same is in this batch")

    def _one(self, event: Event) -> Outcome:
        # Before anything is done: a backup of yesterday must not bring it back.
        if event.event_id not in self._waits:
            self._note(event)
        match event:
            case SessionErased():
                return self._session(event)
            case TextExpired():
                expire_text(self._blobs, event.session_id)
            case UserErased():
                return self._user(event)
        return Done()

    def _note(self, event: Event) -> None:
        try:
            self._record.note(event)
        except OSError as error:
            # Also a folder that is not ours to write, or a disk that was taken out: every erasure
            # would meet it.
            raise MachineError(f"the record of erasures: {error.strerror}") from error

    def _session(self, event: SessionErased) -> Outcome:
        erase_session(self._blobs, event.session_id)
        days = Days.of(event.recorded_at_ms, event.audio_ms)
        mark_session(self._warehouse, event.session_id, days)
        erase_rows(self._warehouse, event.session_id, days)
        changed = WarehouseChanged(
            caused_by=event.event_id,
            occurred_at_ms=self._clock(),
            days=days.each(),
            users=(),
        )
        return Done(((topics.WAREHOUSE_CHANGED, changed),))

    def _user(self, event: UserErased) -> Outcome:
        now_s = self._clock_s()
        wait = self._waits.setdefault(event.event_id, Wait(now_s))
        wait.looked_s = self._idle_s()
        # The requests overlook nothing once all that was decided before is in the warehouse.
        is_known = self._released.is_known(wait)
        self._ask(wait, user_releases.requests(self._warehouse, [event]))
        is_answered = is_known and self._released.is_answered(wait)
        is_released = is_answered and not user_releases.is_left(self._warehouse, event)
        if not is_released and self._clock_s() - wait.since_s < PATIENCE_S:
            return Postponed("the folds have not released everything of an erased user yet")
        self._people.mark(event)
        user_erasure.erase(self._warehouse, event)
        del self._waits[event.event_id]
        if not self._waits:
            self._released.close()  # people leave seldom: no client is kept until the next
        if not is_released:
            return DeadLettered(Reason.ERASURE_WAITED, "erased, but not released by the folds")
        return Done()

    def _ask(self, wait: Wait, requests: Sequence[tuple[Topic, Event]]) -> None:
        """Publishes those that are not in the log yet."""
        new = [(topic, event) for topic, event in requests if event.event_id not in wait.asked]
        if not new:
            return
        self._publish(new)
        self._released.asked_more(wait)
        for _, event in new:
            wait.asked.add(event.event_id)

    def give_up(self, record: Record, reason: Reason, detail: str) -> DeadLettered:
        """Something of it may still be there: an operator is told, and sends it back."""
        return DeadLettered(reason, detail)

"""The loop of a consumer: poll, run the step on a worker thread, then one transaction.

Messages and offsets of a batch become visible together. A member that lost its partitions while it
was paused is refused by the group: of its batch nothing is seen.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

from adapters.kafka.dead_letters import Letters
from adapters.kafka.ends import Place
from adapters.kafka.fetched import Fetched, firsts
from adapters.kafka.fuse import Fuse, source_of
from adapters.kafka.transaction import Transactions
from adapters.kafka.transactional_calls import StaleMemberError
from adapters.process.logs import logger
from adapters.process.retry import TransientError, is_of_machine, retry_transient
from consumers.runtime import batch_log
from consumers.runtime.attempts import Attempts, LostPartitionError
from consumers.runtime.bisected import bisected
from consumers.runtime.deadlines import Deadlines, Refusals
from consumers.runtime.decoded import decoded, is_event
from consumers.runtime.housekeeping import KeepsHouse
from consumers.runtime.lanes import Lanes
from consumers.runtime.member import Consumer
from consumers.runtime.outcome import DeadLettered, Outcome, Postponed, Record, Step
from consumers.runtime.postponed import Waiting
from consumers.runtime.results import Result, messages_of, next_offsets
from schemas.fact_sheet import Topic
from schemas.rejections import Reason

T = TypeVar("T")
MAX_ATTEMPTS = 3
"""A message that crashed the process this often is given up."""
POLL_S = 0.02
"""Between two polls while the step works. Its end is heard of at once: a poll would go on."""
IDLE_S = 0.5
"""How long one poll waits while there is nothing to do. A message ends it."""


class Loop:
    """One member of a consumer group. `run` blocks until `stop`."""

    def __init__(
        self,
        consumer: Consumer,
        transactions: Transactions,
        step: Step,
        reads: Sequence[Topic],
        letters: Letters,
        fuse: Fuse,
    ) -> None:
        self._consumer = consumer
        self._transactions = transactions
        self._step = step
        self._worker = ThreadPoolExecutor(1, thread_name_prefix=step.name)
        self._revoked: set[Place] = set()
        self._in_work: dict[tuple[str, int, int], Fetched] = {}
        self._lanes = Lanes(reads)
        self._waiting = Waiting(time.monotonic)
        self._letters = letters
        self._fuse = fuse
        self._attempts = Attempts(consumer, self._poll_ahead, lambda place: place in self._revoked)
        self._deadlines = Deadlines()

    def stop(self) -> None:
        """Finish the batch in hand, then return from `run`. Safe in a signal handler."""
        self._deadlines.stop()

    def on_revoke(self, places: set[Place]) -> None:
        """Gives partitions back, which are ours until this returns. On the polling thread."""
        self._attempts.leave(places)
        self.on_lost(places)

    def on_lost(self, places: set[Place]) -> None:
        """These partitions are another member's already. Called on the polling thread."""
        self._attempts.forget(places)
        self._revoked |= places
        self._lanes.drop(places)
        self._waiting.drop(places)

    def run(self) -> bool:
        """Blocks. Returns after `stop`; raises what must crash the process.

        False when the batch in hand was given up: its server was away, or it took longer than
        DRAIN_S. Its work may still run on its thread. It is done again from the beginning. Raises
        HangsError when it never ends: it uses an attempt up.
        """
        try:
            while not self._deadlines.is_stopping:
                self._try(self._next())
        except TransientError as error:
            # It is nobody's fault that a server is away: no attempt is used up.
            self._attempts.give_back()
            if not self._deadlines.is_stopping:
                raise
            logger().warning("batch_given_up", stage=self._step.name, reason=str(error))
            self._worker.shutdown(wait=False)
            return False
        except Exception as error:
            if is_of_machine(error):
                self._attempts.give_back()  # nor that the machine is unwell
            raise
        self._worker.shutdown()
        return True

    def _next(self) -> list[Fetched]:
        """The messages to work on now; none when none came."""
        if not self._lanes.places() and self._poll_ahead(IDLE_S):
            self._gather()
        if due := self._waiting.due():
            return due
        batch = self._lanes.take(self._step.batch_size, self._is_work)
        counted = len(batch) > 1 and self._step.counts_attempts
        if counted and self._attempts.have_crashed(firsts(batch)):
            # Some message of the batch kills its worker: one by one, until it is clear which.
            self._lanes.put_back(batch[1:])
            batch = batch[:1]
        return batch

    def _is_work(self, message: Fetched) -> bool:
        """Whether it takes a place in a batch. Of models a batch is few windows, for seconds."""
        return not self._step.counts_attempts or is_event(message)

    def _gather(self) -> None:
        """Waits for the others of a batch, as long as the step says. They may fill it before."""
        until = time.monotonic() + self._step.gather_s
        while (left := self._step.batch_size - self._lanes.waiting) > 0:
            if (wait_s := until - time.monotonic()) <= 0:
                return
            self._lanes.add(self._consumer.poll(left, wait_s))

    def _poll_ahead(self, wait_s: float) -> bool:
        """Whether more messages came. A lane in which enough of them wait is not fetched."""
        self._consumer.hold(self._lanes.full())
        found = self._consumer.poll(self._step.batch_size, wait_s)
        self._lanes.add(found)
        return bool(found)

    def _try(self, batch: Sequence[Fetched]) -> None:
        try:
            self._handle(batch)
        except LostPartitionError:
            self._attempts.give_back()
            self._lanes.put_back([one for one in batch if one.place not in self._revoked])
            logger().warning("batch_given_up", stage=self._step.name, reason="partition lost")

    def _handle(self, batch: Sequence[Fetched]) -> None:
        self._revoked.clear()
        started = time.perf_counter()
        records, results = self._decode(batch)
        results += self._work(batch, records)
        postponed = [one.source for one in results if isinstance(one.outcome, Postponed)]
        self._waiting.add([one for one in postponed if one.place not in self._revoked])
        ends = next_offsets(batch) | self._consumer.take_ends(self._lanes.places())
        offsets = self._waiting.committable(ends)
        if not offsets:
            return
        handled = self._settle(offsets, results)
        self._attempts.settle()
        if batch:
            work_s = time.perf_counter() - started
            batch_log.work_done(self._step.name, records, len(batch), work_s)
        batch_log.settled(self._step.name, handled, self._letters)

    def _decode(self, batch: Sequence[Fetched]) -> tuple[list[Record], list[Result]]:
        """Records of the messages that are events, and the results of the others."""
        found = decoded(batch)
        for one, letter in found.rejected.items():
            self._fuse.rejected(source_of(one, None), letter.reason)
        # The metadata of a commit has one count for each partition: that of its next message. That
        # may be no event, with the one that kills behind it.
        is_counted = self._step.counts_attempts and found.events
        attempts = self._attempts.begin(firsts(batch) if is_counted else [])
        return found.records(attempts), [Result(*one) for one in found.rejected.items()]

    def _work(self, batch: Sequence[Fetched], records: Sequence[Record]) -> list[Result]:
        self._in_work = {(*one.place, one.offset): one for one in batch}
        return [
            Result(self._in_work[record.place], outcome, record.attempt, record.event)
            for record, outcome in self._outcomes(records)
        ]

    def _outcomes(self, records: Sequence[Record]) -> list[tuple[Record, Outcome]]:
        if exhausted := [record for record in records if record.attempt > MAX_ATTEMPTS]:
            return [(record, self._given_up(record)) for record in exhausted]
        if isinstance(self._step, KeepsHouse):
            self._alongside(retry_transient, self._step.keep_house)
        if not records:
            return []
        outcomes = self._alongside(bisected, self._step, records, self._watch)
        return list(zip(records, outcomes, strict=True))

    def _given_up(self, record: Record) -> DeadLettered:
        detail = f"{record.attempt - 1} attempts"
        given_up = self._step.give_up(record, Reason.ATTEMPTS_EXHAUSTED, detail)
        self._watch([record], [given_up])
        return given_up

    def _watch(self, records: Sequence[Record], outcomes: Sequence[Outcome]) -> None:
        """Tells the fuse. Nothing is committed yet, so a batch that opens it is not drained."""
        for record, outcome in zip(records, outcomes, strict=True):
            source = source_of(self._in_work[record.place], record.event)
            if isinstance(outcome, DeadLettered):
                self._fuse.rejected(source, outcome.reason)
            else:
                self._fuse.handled(source)

    def _alongside(self, work: Callable[..., T], *arguments: object) -> T:
        # The next messages are fetched while these are worked on. A paused consumer takes seconds
        # to fetch again, and no other member may work on our partitions meanwhile.
        began_s = time.monotonic() if self._step.counts_attempts else float("inf")
        future = self._worker.submit(work, *arguments)
        while not wait([future], POLL_S).done:
            self._poll_ahead(0)
            self._deadlines.check_work(began_s)
        return future.result()

    def _settle(self, offsets: Mapping[Place, int], results: Sequence[Result]) -> list[Result]:
        """Publish and commit. Returns the results of the partitions that are ours.

        Raises what must end the process: an outcome that is not known is not tried again.
        """
        refusals = Refusals()
        while True:
            began_s = time.monotonic()
            try:
                return self._commit(offsets, results)
            except StaleMemberError as error:
                # The partitions may still be ours: each member that joins ends all memberships.
                logger().warning("membership_ended", stage=self._step.name, error=str(error))
            self._deadlines.check()
            refusals.note(began_s)
            self._poll_ahead(IDLE_S)

    def _commit(self, offsets: Mapping[Place, int], results: Sequence[Result]) -> list[Result]:
        # In this order: who lost partitions before it asked hears of that in the polls, and who
        # loses them later is refused by the broker for the membership of before.
        group = self._consumer.membership()
        while self._poll_ahead(0):
            pass
        ours = {place: end for place, end in offsets.items() if place not in self._revoked}
        kept = [result for result in results if result.source.place in ours]
        if not ours:
            return kept
        self._transactions.commit(messages_of(kept, self._letters), ours, group)
        return kept

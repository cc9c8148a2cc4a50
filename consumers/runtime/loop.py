"""Poll, run the step on a worker thread while polling goes on, publish and wait, commit."""

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from adapters.kafka.consumer import Fetched, Place
from adapters.kafka.dead_letters import letter
from adapters.kafka.fuse import Fuse
from adapters.kafka.publisher import Outgoing, Publisher, outgoing
from adapters.process import metrics
from adapters.process.logs import logger
from adapters.process.retry import retry_transient
from consumers.runtime.outcome import DeadLettered, Done, Dropped, Outcome, Record, Step
from schemas.codec import decode
from schemas.rejections import Rejected
from schemas.topics import BY_NAME

MAX_ATTEMPTS = 3
POLL_S = 0.05
IDLE_S = 0.2


class Consumer(Protocol):
    """What the loop asks of `adapters.kafka.consumer.KafkaConsumer`."""

    def poll(self, most: int, wait_s: float) -> list[Fetched]: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...
    def attempts(self, place: Place, offset: int) -> int: ...
    def begin(self, place: Place, offset: int, attempt: int) -> None: ...
    def commit(self, offsets: dict[Place, int], metadata: str = "") -> None: ...


class Loop:
    """One consumer group member. `run` blocks until `stop`."""

    def __init__(self, consumer: Consumer, publisher: Publisher, step: Step) -> None:
        self._consumer, self._publisher, self._step = consumer, publisher, step
        self._worker = ThreadPoolExecutor(1, thread_name_prefix=step.name)
        self._revoked: set[Place] = set()
        self._held: list[Fetched] = []
        self._fuse = Fuse(step.name)
        self._stopping = False
        self._log = logger()

    def stop(self) -> None:
        """Finish the batch in hand, then leave. Safe in a signal handler."""
        self._stopping = True

    def on_revoke(self, places: set[Place]) -> None:
        """The group took these partitions away: what is being done for them is somebody else's now."""
        self._revoked |= places
        self._held = [f for f in self._held if f.place not in places]

    def run(self) -> None:
        """Blocks. Returns after `stop`; raises what must crash the process."""
        while not self._stopping:
            if batch := self._next():
                self._handle(batch)
        self._worker.shutdown()

    def _next(self) -> list[Fetched]:
        most = self._step.batch_size
        found = self._held or self._consumer.poll(most, IDLE_S)
        batch, self._held = found[:most], found[most:]
        if (
            len(batch) > 1
            and self._step.counts_attempts
            and any(self._begun(f) for f in _firsts(batch))
        ):
            # Some batch killed its worker: one by one, until it is clear which message does.
            batch, self._held = batch[:1], [*batch[1:], *self._held]
        return batch

    def _begun(self, fetched: Fetched) -> int:
        return retry_transient(lambda: self._consumer.attempts(fetched.place, fetched.offset))

    def _handle(self, batch: Sequence[Fetched]) -> None:
        self._revoked.clear()
        started = time.perf_counter()
        records, letters = self._decode(batch)
        outcomes = self._work(records)
        # What was revoked meanwhile is somebody else's: neither published nor committed by us.
        kept = {f.place: f.offset + 1 for f in batch if f.place not in self._revoked}
        messages = [
            m
            for r, o in outcomes
            if (r.topic.name, r.partition) in kept
            for m in self._messages(batch, r, o)
        ]
        retry_transient(
            lambda: self._publisher.publish(
                [*messages, *(m for f, m in letters if f.place in kept)]
            )
        )
        if kept:
            retry_transient(lambda: self._consumer.commit(kept))
        metrics.WORK_SECONDS.labels(self._step.name).observe(time.perf_counter() - started)
        self._check_fuse(outcomes, len(letters))

    def _decode(
        self, batch: Sequence[Fetched]
    ) -> tuple[list[Record], list[tuple[Fetched, Outgoing]]]:
        records, letters, firsts = [], [], _firsts(batch)
        for fetched in batch:
            topic = BY_NAME[fetched.topic]
            try:
                event = decode(topic, fetched.value)
            except Rejected as error:
                letters.append(
                    (fetched, self._letter(fetched, DeadLettered(error.reason, error.detail), 1))
                )
                continue
            records.append(
                Record(
                    topic, fetched.partition, fetched.offset, event, self._attempt(fetched, firsts)
                )
            )
        return records, letters

    def _attempt(self, fetched: Fetched, firsts: Sequence[Fetched]) -> int:
        # The commit's metadata holds one count a partition: that of the message from which it would go on.
        if not self._step.counts_attempts or fetched not in firsts:
            return 1
        attempt = self._begun(fetched) + 1
        retry_transient(lambda: self._consumer.begin(fetched.place, fetched.offset, attempt))
        return attempt

    def _work(self, records: list[Record]) -> list[tuple[Record, Outcome]]:
        tired = [r for r in records if r.attempt > MAX_ATTEMPTS]
        if tired:
            return [(r, self._step.give_up(r)) for r in tired]
        if not records:
            return []
        future = self._worker.submit(retry_transient, lambda: self._step.process(records))
        self._poll_until(future)
        return list(zip(records, future.result(), strict=True))

    def _poll_until(self, future: "Future[list[Outcome]]") -> None:
        # The next batch is fetched while this one is worked on, and nothing beyond it: a consumer that was paused
        # takes up to a second to fetch again, and no other member may have what lies in our partitions.
        paused = False
        try:
            while not future.done():
                if self._held and not paused:
                    self._consumer.pause()
                    paused = True
                found = self._consumer.poll(self._step.batch_size, POLL_S)
                if found:  # when paused: from a partition that was assigned meanwhile
                    self._held, paused = [*self._held, *found], False
        finally:
            if paused:
                self._consumer.resume()

    def _messages(
        self, batch: Sequence[Fetched], record: Record, outcome: Outcome
    ) -> list[Outgoing]:
        match outcome:
            case Done(events):
                self._count(record, "done")
                return [outgoing(topic, event) for topic, event in events]
            case Dropped(reason):
                self._count(record, f"dropped_{reason}")
                return []
            case DeadLettered():
                self._count(record, "dead_lettered")
                fetched = next(
                    f
                    for f in batch
                    if f.place == (record.topic.name, record.partition)
                    and f.offset == record.offset
                )
                return [
                    self._letter(fetched, outcome, record.attempt),
                    *(outgoing(t, e) for t, e in outcome.events),
                ]

    def _count(self, record: Record, outcome: str) -> None:
        metrics.EVENTS_HANDLED.labels(self._step.name, outcome).inc()

    def _letter(self, f: Fetched, outcome: DeadLettered, attempt: int) -> Outgoing:
        metrics.DEAD_LETTERS.labels(self._step.name, outcome.reason).inc()
        self._log.warning(
            "dead_lettered",
            stage=self._step.name,
            reason=outcome.reason,
            topic=f.topic,
            partition=f.partition,
            offset=f.offset,
        )
        return letter(
            f.topic, f.partition, f.offset, f.key, f.value,
            stage=self._step.name, reason=outcome.reason, detail=outcome.detail, attempt=attempt,
        )  # fmt: skip

    def _check_fuse(self, outcomes: list[tuple[Record, Outcome]], undecodable: int) -> None:
        lettered = undecodable + sum(isinstance(o, DeadLettered) for _, o in outcomes)
        fine = len(outcomes) + undecodable - lettered
        if fine:
            self._fuse.reset()
        else:
            self._fuse.add(lettered)


def _firsts(batch: Sequence[Fetched]) -> list[Fetched]:
    places: dict[Place, Fetched] = {}
    for fetched in batch:
        places.setdefault(fetched.place, fetched)
    return list(places.values())

"""The loop of a consumer: poll, run the step on a worker thread, publish and wait, commit."""

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
"""A message that crashed the process this often is given up."""
POLL_S = 0.05
"""How long one poll waits while the step works."""
IDLE_S = 0.2
"""How long one poll waits while there is nothing to do."""


class Consumer(Protocol):
    """Port of `adapters.kafka.consumer.KafkaConsumer`."""

    def poll(self, most: int, wait_s: float) -> list[Fetched]: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...
    def commit_ends(self) -> None: ...
    def attempts(self, place: Place, offset: int) -> int: ...
    def begin(self, place: Place, offset: int, attempt: int) -> None: ...
    def commit(self, offsets: dict[Place, int], metadata: str = "") -> None: ...


class Loop:
    """One member of a consumer group. `run` blocks until `stop`."""

    def __init__(self, consumer: Consumer, publisher: Publisher, step: Step) -> None:
        self._consumer = consumer
        self._publisher = publisher
        self._step = step
        self._worker = ThreadPoolExecutor(1, thread_name_prefix=step.name)
        self._revoked: set[Place] = set()
        self._fetched_ahead: list[Fetched] = []
        self._fuse = Fuse(step.name)
        self._stopping = False
        self._log = logger()

    def stop(self) -> None:
        """Finish the batch in hand, then return from `run`. Safe in a signal handler."""
        self._stopping = True

    def on_revoke(self, places: set[Place]) -> None:
        """The group took these partitions away: another member works on their messages now.

        Called on the polling thread.
        """
        self._revoked |= places
        self._fetched_ahead = [f for f in self._fetched_ahead if f.place not in places]

    def run(self) -> None:
        """Blocks. Returns after `stop`; raises what must crash the process."""
        while not self._stopping:
            if batch := self._next():
                self._handle(batch)
            else:
                self._consumer.commit_ends()
        self._worker.shutdown()

    def _next(self) -> list[Fetched]:
        most = self._step.batch_size
        found = self._fetched_ahead or self._consumer.poll(most, IDLE_S)
        batch = found[:most]
        self._fetched_ahead = found[most:]
        if len(batch) > 1 and self._has_crashed(batch):
            # Some message of the batch kills its worker: one by one, until it is clear which.
            self._fetched_ahead = [*batch[1:], *self._fetched_ahead]
            batch = batch[:1]
        return batch

    def _has_crashed(self, batch: Sequence[Fetched]) -> bool:
        if not self._step.counts_attempts:
            return False
        return any(self._attempts_before(fetched) for fetched in _firsts(batch))

    def _attempts_before(self, fetched: Fetched) -> int:
        return retry_transient(lambda: self._consumer.attempts(fetched.place, fetched.offset))

    def _handle(self, batch: Sequence[Fetched]) -> None:
        self._revoked.clear()
        started = time.perf_counter()
        records, letters = self._decode(batch)
        outcomes = self._work(records)
        # Another member has what was revoked meanwhile: we neither publish nor commit it.
        next_offsets = {f.place: f.offset + 1 for f in batch if f.place not in self._revoked}
        messages: list[Outgoing] = []
        for record, outcome in outcomes:
            if (record.topic.name, record.partition) in next_offsets:
                messages += self._messages(batch, record, outcome)
        messages += [message for fetched, message in letters if fetched.place in next_offsets]
        retry_transient(lambda: self._publisher.publish(messages))
        if next_offsets:
            retry_transient(lambda: self._consumer.commit(next_offsets))
        metrics.WORK_SECONDS.labels(self._step.name).observe(time.perf_counter() - started)
        self._check_fuse(outcomes, len(letters))

    def _decode(
        self, batch: Sequence[Fetched]
    ) -> tuple[list[Record], list[tuple[Fetched, Outgoing]]]:
        """Records of the messages that are events, and dead letters of the others."""
        records: list[Record] = []
        letters: list[tuple[Fetched, Outgoing]] = []
        firsts = _firsts(batch)
        for fetched in batch:
            topic = BY_NAME[fetched.topic]
            try:
                event = decode(topic, fetched.value)
            except Rejected as error:
                outcome = DeadLettered(error.reason, error.detail)
                letters.append((fetched, self._letter(fetched, outcome, attempt=1)))
                continue
            attempt = self._attempt(fetched, firsts)
            records.append(Record(topic, fetched.partition, fetched.offset, event, attempt))
        return records, letters

    def _attempt(self, fetched: Fetched, firsts: Sequence[Fetched]) -> int:
        # The metadata of a commit has one count for each partition: that of its next message.
        if not self._step.counts_attempts or fetched not in firsts:
            return 1
        attempt = self._attempts_before(fetched) + 1
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
        # The next batch is fetched while this one is worked on, and nothing beyond it. A paused
        # consumer takes up to a second to fetch again, and no other member may work on our
        # partitions meanwhile.
        try:
            while not future.done():
                self._poll_ahead(POLL_S)
        finally:
            self._consumer.resume()

    def _poll_ahead(self, wait_s: float) -> None:
        if self._fetched_ahead:
            self._consumer.pause()
        else:  # or again: what was fetched was taken away
            self._consumer.resume()
        found = self._consumer.poll(self._step.batch_size, wait_s)
        self._fetched_ahead = [*self._fetched_ahead, *found]

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
                dead = self._letter(_source(batch, record), outcome, record.attempt)
                return [dead, *(outgoing(topic, event) for topic, event in outcome.events)]

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
            f.topic,
            f.partition,
            f.offset,
            f.key,
            f.value,
            stage=self._step.name,
            reason=outcome.reason,
            detail=outcome.detail,
            attempt=attempt,
        )

    def _check_fuse(self, outcomes: list[tuple[Record, Outcome]], undecodable: int) -> None:
        lettered = undecodable + sum(isinstance(o, DeadLettered) for _, o in outcomes)
        fine = len(outcomes) + undecodable - lettered
        if fine:
            self._fuse.reset()
        else:
            self._fuse.add(lettered)


def _source(batch: Sequence[Fetched], record: Record) -> Fetched:
    """The message that a record was decoded from."""
    place = (record.topic.name, record.partition)
    of_partition = (fetched for fetched in batch if fetched.place == place)
    return next(fetched for fetched in of_partition if fetched.offset == record.offset)


def _firsts(batch: Sequence[Fetched]) -> list[Fetched]:
    """The first message of each partition."""
    places: dict[Place, Fetched] = {}
    for fetched in batch:
        places.setdefault(fetched.place, fetched)
    return list(places.values())

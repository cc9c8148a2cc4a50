"""Members of a consumer group on a real broker: partitions come and go while one is at work."""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from adapters.kafka.consumer import KafkaConsumer
from adapters.kafka.dead_letters import Letters
from adapters.kafka.ends import Place
from adapters.kafka.fetched import Fetched
from adapters.kafka.fuse import Fuse
from adapters.kafka.publisher import KafkaPublisher, Outgoing
from adapters.kafka.session_owners import SessionOwners
from adapters.kafka.transaction import KafkaTransactions
from adapters.process.clock import unix_ms
from adapters.settings import Settings
from consumers.runtime.loop import Loop
from consumers.runtime.outcome import DeadLettered, Done, Outcome, Record
from deploy.uuid7 import new_session_id
from deploy.waiting import until
from schemas import stages
from schemas.codec import encode
from schemas.fact_sheet import Topic
from schemas.ids import SessionId
from schemas.rejections import Reason
from schemas.session_events import Tick
from schemas.stage_names import StageName
from schemas.topics import CLIPS_WANTED, INBOUND, WINDOW_BACKLOG, WINDOW_READY
from tests.golden import EXAMPLES
from tests.integration.brokers import broker

LONG_S = 30.0
"""A wait that no message takes."""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with broker(tmp_path_factory.mktemp("broker")) as up:
        yield up.settings


class Noting(KafkaConsumer):
    """Remembers how many messages of each topic it has handed to the loop."""

    def __init__(self, bootstrap: str, group: str, reads: Sequence[Topic]) -> None:
        super().__init__(bootstrap, group, reads)
        self.handed = Counter[str]()

    def poll(self, most: int, wait_s: float) -> list[Fetched]:
        found = super().poll(most, wait_s)
        self.handed.update(message.topic for message in found)
        return found


class Work:
    """A step that takes as long as the test says, and remembers what it began."""

    name = "work"
    gather_s = 0.0

    def __init__(self, batch_size: int = 1, *, counts_attempts: bool = False) -> None:
        self.batch_size = batch_size
        self.counts_attempts = counts_attempts
        self.begun: list[Record] = []
        self.may_end = threading.Event()

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        self.begun += records
        self.may_end.wait(60)
        return [Done() for _ in records]

    def give_up(self, record: Record, reason: Reason, detail: str) -> DeadLettered:
        return DeadLettered(reason, detail)


@contextmanager
def member(
    settings: Settings, group: str, work: Work, reads: Sequence[Topic] = (INBOUND,)
) -> Iterator[Noting]:
    """The loop on a thread of its own, once it has all partitions."""
    consumer = Noting(settings.kafka, group, reads)
    transactions = KafkaTransactions(settings.kafka, group)
    transactions.start()
    letters = Letters(StageName.CLUSTER, unix_ms)
    fuse = Fuse(StageName.CLUSTER, SessionOwners(settings.kafka).of)
    loop = Loop(consumer, transactions, work, reads, letters, fuse)
    consumer.join(loop.on_revoke, loop.on_lost)
    wanted = sum(topic.partitions for topic in reads)
    thread = threading.Thread(target=loop.run)
    thread.start()
    try:
        until(lambda: assigned(consumer), lambda n: n == wanted)
        yield consumer
    finally:
        work.may_end.set()
        loop.stop()
        thread.join()
        transactions.close()
        consumer.close()


@contextmanager
def another(settings: Settings, group: str, first: KafkaConsumer) -> Iterator[KafkaConsumer]:
    """A second member, once it has half of the partitions. It leaves at the end."""
    second = KafkaConsumer(settings.kafka, group, [INBOUND])
    second.join(lambda _: None, lambda _: None)

    def shares() -> bool:
        second.poll(1, 0.1)
        return assigned(first) + assigned(second) == INBOUND.partitions and second.assigned()

    try:
        until(shares, bool)
        yield second
    finally:
        second.close()
        until(lambda: assigned(first), lambda n: n == INBOUND.partitions)


def assigned(consumer: KafkaConsumer) -> int:
    return len(consumer._assigned)


def publish_windows(settings: Settings, topic: Topic, number: int) -> None:
    [event] = [event for home, event in EXAMPLES if home is topic]
    publisher = KafkaPublisher(settings.kafka, timeout_s=60)
    publisher.publish([Outgoing(topic.name, b"k", encode(event), {}, n) for n in range(number)])
    publisher.close()


def publish_raw(settings: Settings, topic: Topic) -> None:
    publisher = KafkaPublisher(settings.kafka, timeout_s=60)
    publisher.publish([Outgoing(topic.name, b"k", b"any")])
    publisher.close()


def publish(settings: Settings, partitions: Sequence[int]) -> None:
    publisher = KafkaPublisher(settings.kafka, timeout_s=60)
    tick = Tick(occurred_at_ms=1, session_id=SessionId(new_session_id()), now_ms=1)
    publisher.publish([Outgoing(INBOUND.name, b"k", encode(tick), {}, n) for n in partitions])
    publisher.close()


def begun(work: Work, least: int) -> list[Record]:
    return until(lambda: list(work.begun), lambda done: len(done) >= least)


def test_a_partition_that_left_while_it_was_paused_is_fetched_when_it_comes_back(
    settings: Settings, tmp_path: Path
) -> None:
    """The client remembers a pause while somebody else has the partition: it stayed for ever."""
    work = Work()
    group = f"lahstats-{tmp_path.name}"
    with member(settings, group, work) as first:
        publish(settings, [0, 0])
        begun(work, 1)  # and the second message is fetched ahead: everything is paused
        with another(settings, group, first) as second:
            left = {partition for _, partition in second.places}
            work.may_end.set()
            if 0 not in left:
                begun(work, 2)
        before = len(work.begun)
        publish(settings, sorted(left))

        def came() -> set[int]:
            return {record.partition for record in work.begun[before:]}

        assert until(came, lambda partitions: partitions >= left) == left


def test_an_attempt_is_given_back_with_its_partition(settings: Settings, tmp_path: Path) -> None:
    """The next owner begins the message for the first time: nobody crashed with it."""
    partitions = range(INBOUND.partitions)
    work = Work(len(partitions), counts_attempts=True)
    work.gather_s = LONG_S
    group = f"lahstats-{tmp_path.name}"
    with member(settings, group, work) as first:
        publish(settings, partitions)
        offsets: dict[Place, int] = {}
        for one in begun(work, len(partitions)):
            offsets.setdefault((INBOUND.name, one.partition), one.offset)
        assert set(first.attempts(offsets).values()) == {1}
        with another(settings, group, first) as second:
            left = {place: offsets[place] for place in second.places & offsets.keys()}
            assert set(second.attempts(left).values()) == {0}


def test_a_poll_ends_with_the_first_message(settings: Settings, tmp_path: Path) -> None:
    """The client waited until it had all that it was asked for, or the time was over."""
    topic = CLIPS_WANTED  # no other test looks at it: each reads all that its topic has
    consumer = KafkaConsumer(settings.kafka, f"lahstats-{tmp_path.name}", [topic])
    consumer.join(lambda _: None, lambda _: None)
    until(lambda: consumer.poll(1, 0.1) or assigned(consumer), lambda n: n == topic.partitions)
    publish_raw(settings, topic)
    began_s = time.monotonic()
    while not consumer.poll(100, LONG_S):
        assert time.monotonic() - began_s < LONG_S
    assert time.monotonic() - began_s < LONG_S
    consumer.close()


def test_a_live_window_is_taken_after_the_window_in_progress_and_all_are_done(
    settings: Settings, tmp_path: Path
) -> None:
    work = Work()
    group = f"lahstats-{tmp_path.name}"
    with member(settings, group, work, stages.TRANSCRIBE.reads) as consumer:
        publish_windows(settings, WINDOW_BACKLOG, 40)
        begun(work, 1)
        publish_windows(settings, WINDOW_READY, 4)
        until(lambda: consumer.handed[WINDOW_READY.name], lambda n: n == 4)
        work.may_end.set()
        found = begun(work, 44)
    assert found[0].topic is WINDOW_BACKLOG
    assert found[1].topic is WINDOW_READY
    assert len({(record.topic.name, record.partition) for record in found}) == 44

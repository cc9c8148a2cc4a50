"""Consumers that pause, join, leave and die: every message is answered once, none twice."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from confluent_kafka import Consumer, TopicPartition

from adapters.kafka.ends import end_of
from adapters.kafka.publisher import KafkaPublisher, Outgoing
from adapters.settings import Settings
from deploy.uuid7 import new_session_id
from deploy.waiting import until
from schemas.codec import decode, encode
from schemas.event import SessionEvent
from schemas.ids import SessionId
from schemas.session_events import Tick
from schemas.topics import DECIDED, INBOUND
from tests.integration.brokers import SESSION_S, Broker, broker

PER_ROUND = 60
PER_LOOK = 2
PATIENCE_S = 120.0
"""Longer than anything here takes on a machine that is busy with other tests."""
SOON_S = 0.05
"""A worker is stopped in the middle of a batch that takes it a second."""
SLEEPER = 0
SUCCESSOR = 1


@pytest.fixture
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker for each test: a new group reads all that the topic has."""
    with broker(tmp_path_factory.mktemp("broker")) as up:
        yield up


class Crowd:
    """Workers of one group, the messages that they get, and their answers."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.workers: dict[int, subprocess.Popen[bytes]] = {}
        self.sent: list[str] = []
        self._kafka = settings.kafka
        self._folder = folder
        self._group = f"lahstats-{uuid4()}"
        self._publisher = KafkaPublisher(settings.kafka, timeout_s=60)

    def send(self, number: int) -> None:
        sessions = [new_session_id() for _ in range(number)]
        ticks = [
            Tick(occurred_at_ms=1, session_id=SessionId(session), now_ms=1) for session in sessions
        ]
        self._publisher.publish(
            [Outgoing(INBOUND.name, tick.session_id.encode(), encode(tick)) for tick in ticks]
        )
        self.sent += sessions

    def start(self, worker: int, work_s: float) -> None:
        arguments = [self._kafka, self._group, str(worker), str(work_s)]
        arguments += [str(self._folder / str(worker))]
        command = [sys.executable, "-m", "tests.integration.group_worker", *arguments]
        self.workers[worker] = subprocess.Popen(command)

    def signal(self, worker: int, number: signal.Signals) -> None:
        self.workers[worker].send_signal(number)

    def join(self, worker: int, work_s: float) -> None:
        """Start a worker, and block until it works."""
        self.start(worker, work_s)
        self.await_more(worker, 0)

    def await_more(self, worker: int, than: int) -> None:
        """Send until a worker has begun more sessions than that: it has partitions again."""

        def number() -> int:
            self.send(PER_LOOK)
            return len(self.begun(worker))

        until(number, lambda found: found > than, PATIENCE_S, every_s=0.5)

    def begun(self, worker: int) -> list[str]:
        """The sessions that a worker began to work on."""
        path = self._folder / str(worker)
        return path.read_text().split() if path.exists() else []

    def answers(self) -> Counter[str]:
        """How often each of our sessions was answered, as readers of committed messages see it."""
        reader = Consumer(
            {
                "bootstrap.servers": self._kafka,
                "group.id": self._group,
                "enable.auto.commit": False,
                "enable.partition.eof": True,
            }
        )
        reader.assign([TopicPartition(DECIDED.name, n, 0) for n in range(DECIDED.partitions)])
        found: Counter[str] = Counter()
        ended: set[int | None] = set()
        while len(ended) < DECIDED.partitions:
            for message in reader.consume(1_000, timeout=0.5):
                if end_of(message) is not None:
                    ended.add(message.partition())
                if message.error():
                    continue
                event = decode(DECIDED, message.value())
                assert isinstance(event, SessionEvent)
                found[event.session_id] += 1
        reader.close()
        ours = set(self.sent)
        return Counter({session: n for session, n in found.items() if session in ours})

    def await_answers(self) -> None:
        until(lambda: len(self.answers()), lambda n: n == len(self.sent), PATIENCE_S, every_s=0.5)

    def ending(self, worker: int) -> int:
        """The exit status of a worker that was told to end. Blocking."""
        return self.workers[worker].wait(PATIENCE_S)

    def end(self) -> None:
        for worker in self.workers.values():
            worker.kill()
            worker.wait()
        self._publisher.close()


@pytest.fixture
def crowd(kafka: Broker, tmp_path: Path) -> Iterator[Crowd]:
    workers = Crowd(kafka.settings, tmp_path)
    yield workers
    workers.end()


def test_a_worker_that_wakes_up_late_publishes_and_commits_nothing(crowd: Crowd) -> None:
    """It sleeps in the middle of its batch for longer than the group waits for it."""
    crowd.start(SLEEPER, 1.0)
    crowd.send(1)
    until(lambda: crowd.begun(SLEEPER), bool, PATIENCE_S, SOON_S)
    crowd.signal(SLEEPER, signal.SIGSTOP)
    crowd.start(SUCCESSOR, 0.0)
    crowd.await_answers()
    crowd.signal(SLEEPER, signal.SIGCONT)
    crowd.await_more(SLEEPER, 1)  # its late batch is over, and it works again
    crowd.await_answers()
    assert set(crowd.answers().values()) == {1}
    assert crowd.workers[SLEEPER].poll() is None


def test_a_worker_outlives_a_broker_that_froze(crowd: Crowd, kafka: Broker) -> None:
    """Its batch is in hand, and the group has gone on without it when the broker is back."""
    crowd.start(0, 1.0)
    crowd.send(1)
    until(lambda: crowd.begun(0), bool, PATIENCE_S, SOON_S)
    kafka.freeze(4 * SESSION_S)
    crowd.await_answers()
    crowd.send(2)
    crowd.await_answers()
    assert set(crowd.answers().values()) == {1}
    assert crowd.workers[0].poll() is None


def test_workers_join_leave_and_die_under_load(crowd: Crowd) -> None:
    """One worker becomes four and one again; half of those that go are killed."""
    dice = random.Random(22)
    for number in range(4):
        crowd.send(PER_ROUND)
        crowd.join(number, 0.01)
    for number in range(3):
        crowd.send(PER_ROUND)
        time.sleep(dice.uniform(0.0, 0.5))
        crowd.signal(number, signal.SIGKILL if number % 2 else signal.SIGTERM)
        crowd.send(PER_ROUND)
        time.sleep(2)
    crowd.await_answers()
    assert set(crowd.answers().values()) == {1}
    assert [crowd.ending(number) for number in range(3)] == [0, -9, 0]
    assert crowd.workers[3].poll() is None

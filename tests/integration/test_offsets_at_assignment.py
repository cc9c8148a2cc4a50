"""A partition that comes while its offsets are in an open transaction, and the group changes.

The client asks for the offsets again and again. It gave up its question when the assignment
changed, and took the partition for one that nobody ever read: it began at the start of the log. So
members ask for them, and tell the client.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Protocol
from uuid import uuid4

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from adapters.kafka import consumer, intake
from adapters.kafka.changelog import Restoration
from adapters.kafka.client import client
from adapters.kafka.consumer import KafkaConsumer
from adapters.kafka.fetched import Fetched
from adapters.kafka.intake import Intake
from adapters.kafka.publisher import KafkaPublisher, Outgoing
from adapters.process import metrics
from adapters.settings import Settings
from adapters.table import Table
from deploy.waiting import until
from schemas import stages
from schemas.fact_sheet import Topic
from schemas.stage_kinds import Fold
from schemas.topics import INBOUND, USERS_REQUESTED, WINDOW_READY
from tests.integration.brokers import broker

DONE = 3
"""Messages of each partition. The group has handled all of them."""
CHANGES_S = 4.0
"""A member has its partitions within this time, unless it waits for the transaction."""
COMES_S = 5.0
"""The first messages of a member come within this time."""


class Polled(Protocol):
    """A member of a group."""

    def poll(self) -> Sequence[Fetched]: ...
    def close(self) -> None: ...


class Worker:
    """A member as the consumers' loop has it."""

    def __init__(self, settings: Settings, group: str, reads: Topic = INBOUND) -> None:
        self._consumer = KafkaConsumer(settings.kafka, group, [reads])
        self._consumer.join(lambda _: None, lambda _: None)

    def poll(self) -> Sequence[Fetched]:
        return self._consumer.poll(10, 0.1)

    def close(self) -> None:
        self._consumer.close()


class Folder:
    """A member as the folds have it, with a table of its own."""

    def __init__(self, settings: Settings, folder: Path, role: Fold = stages.GROUPS) -> None:
        self._table = Table(folder)
        restoration = Restoration(settings.kafka, role.changelog, self._table)
        self._intake = Intake(settings.kafka, role, restoration, lambda: None)
        self._intake.join()

    def poll(self) -> Sequence[Fetched]:
        batch = self._intake.take()
        return batch.messages if batch else []

    def close(self) -> None:
        self._intake.close()
        self._table.close()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with broker(tmp_path_factory.mktemp("broker")) as up:
        yield up.settings


def test_a_consumer_gets_nothing_again_that_is_handled(settings: Settings) -> None:
    group = f"lahstats-{uuid4()}"
    assert not came_again(settings, group, [INBOUND], lambda: Worker(settings, group))


def test_a_fold_gets_nothing_again_that_is_handled(settings: Settings, tmp_path: Path) -> None:
    stage = stages.GROUPS
    folders = iter([tmp_path / "first", tmp_path / "second"])
    found = came_again(settings, stage.group, stage.reads, lambda: Folder(settings, next(folders)))
    assert not found


@pytest.mark.parametrize(
    ("room", "new_member"),
    [(intake, Folder), (consumer, lambda settings, _: Worker(settings, f"lahstats-{uuid4()}"))],
    ids=["fold", "consumer"],
)
def test_a_member_tells_the_client_where_to_begin(
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    room: ModuleType,
    new_member: Callable[[Settings, Path], Polled],
) -> None:
    """A worker that was paused got everything again: its client had asked by itself."""
    told: list[TopicPartition] = []

    class Recording(Consumer):
        def assign(self, partitions: list[TopicPartition]) -> None:
            told.extend(partitions)
            super().assign(partitions)

        def incremental_assign(self, partitions: list[TopicPartition]) -> None:
            told.extend(partitions)
            super().incremental_assign(partitions)

    monkeypatch.setattr(room, "Consumer", Recording)
    with polling(new_member(settings, tmp_path), []):
        until(lambda: told, bool)
    assert min(one.offset for one in told) >= 0


@pytest.mark.parametrize(
    ("topic", "group", "new_member"),
    [
        (
            USERS_REQUESTED,
            stages.USERS.group,
            lambda folds, path: Folder(folds, path, stages.USERS),
        ),
        (WINDOW_READY, "absent", lambda settings, _: Worker(settings, "absent", WINDOW_READY)),
    ],
    ids=["fold", "consumer"],
)
def test_messages_that_expired_before_anybody_read_them_are_told(
    settings: Settings,
    tmp_path: Path,
    topic: Topic,
    group: str,
    new_member: Callable[[Settings, Path], Polled],
) -> None:
    """A stage was away for longer than the log is kept. Before, it went on without a word."""
    publish(settings, [TopicPartition(topic.name, 0)])
    with closing(Consumer(client(settings.kafka, {"group.id": group}))) as former:
        former.commit(offsets=[TopicPartition(topic.name, 0, 1)], asynchronous=False)
    kept = TopicPartition(topic.name, 0, DONE - 1)
    admin = AdminClient(client(settings.kafka, {}))
    for done in admin.delete_records([kept]).values():
        done.result(timeout=60)
    found: list[Fetched] = []
    with polling(new_member(settings, tmp_path), found):
        until(lambda: found, bool)
    assert found[0].offset == DONE - 1
    told = metrics.REGISTRY.get_sample_value("lahstats_messages_expired", {"group": group})
    assert told == DONE - 2


def came_again(
    settings: Settings, group: str, topics: Sequence[Topic], new_member: Callable[[], Polled]
) -> list[Fetched]:
    """The messages that two members get although all are handled. A transaction opens first."""
    places = [TopicPartition(one.name, n, DONE) for one in topics for n in range(one.partitions)]
    publish(settings, places)
    former = former_owner(settings, group, places)
    found: list[Fetched] = []
    with polling(new_member(), found):
        time.sleep(CHANGES_S)
        with polling(new_member(), found):
            time.sleep(CHANGES_S)
            former.commit_transaction(20)
            time.sleep(COMES_S)
    return found


@contextmanager
def polling(member: Polled, found: list[Fetched]) -> Iterator[None]:
    """The member on a thread of its own, which keeps what it gets. It leaves at the end."""
    is_over = threading.Event()

    def poll() -> None:
        while not is_over.is_set():
            found.extend(member.poll())

    thread = threading.Thread(target=poll)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
        member.close()


def publish(settings: Settings, places: Sequence[TopicPartition]) -> None:
    """As many messages on each partition as are handled."""
    publisher = KafkaPublisher(settings.kafka, timeout_s=60)
    for _ in range(DONE):
        publisher.publish([Outgoing(one.topic, b"k", b"{}", {}, one.partition) for one in places])
    publisher.close()


def former_owner(settings: Settings, group: str, places: Sequence[TopicPartition]) -> Producer:
    """A member that has handled all messages. It commits that again, in a transaction."""
    former = Producer(client(settings.kafka, {"transactional.id": group}))
    former.init_transactions(20)
    former.begin_transaction()
    send_offsets(settings, group, former, places)
    former.commit_transaction(20)
    former.begin_transaction()
    send_offsets(settings, group, former, places)
    return former


def send_offsets(
    settings: Settings, group: str, producer: Producer, places: Sequence[TopicPartition]
) -> None:
    """For the group while it has no member."""
    with closing(Consumer(client(settings.kafka, {"group.id": group}))) as nobody:
        producer.send_offsets_to_transaction(list(places), nobody.consumer_group_metadata(), 20)

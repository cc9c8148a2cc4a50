"""Transactions that their coordinator has forgotten: the next start of their id ends them."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from adapters.kafka.asked_offsets import AskedOffsets
from adapters.kafka.client import client
from adapters.kafka.ends import end_of
from adapters.kafka.publisher import Outgoing
from adapters.kafka.transaction import KafkaTransactions
from adapters.kafka.transactional_producer import TIMEOUT_S
from adapters.process.retry import retry_transient
from deploy.waiting import until
from schemas.topics import GROUPS_REQUESTED
from tests.integration.brokers import broker, broker_again

OF_OFFSETS = "a-worker"
OF_MESSAGES = "another-worker"
"""Ids of transactions; groups have the same names."""
PLACE = (GROUPS_REQUESTED.name, 0)
BEFORE = "7"
HANGING = "9"
AFTER = "11"
"""Offsets, or the bodies of messages."""
PATIENCE_S = TIMEOUT_S + 4.0
"""Longer than the broker lets a transaction be open that it knows."""


@pytest.fixture(scope="module")
def bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A broker whose coordinator has forgotten two open transactions: of offsets, of messages."""
    folder = tmp_path_factory.mktemp("forgetful")
    logs = folder / "kafka" / "logs"
    with broker(folder) as up:
        address = up.settings.kafka
        writer = a_writer(address, OF_OFFSETS)
        send(writer, address, BEFORE)
        writer.commit_transaction(10)
        assert committed(address) == BEFORE
        other = a_writer(address, OF_MESSAGES)
        write(other, BEFORE)
        other.commit_transaction(10)
        writer = a_writer(address, OF_OFFSETS)
        other = a_writer(address, OF_MESSAGES)
        kept = coordinators_state(logs, folder / "kept")
        send(writer, address, HANGING)
        write(other, HANGING)
    forget(logs, kept)
    with broker_again(up.settings):
        yield address


def test_a_start_ends_offsets_of_its_id_that_nobody_would_end(bootstrap: str) -> None:
    """The disk of a broker was full: its coordinator had lost a transaction, and its offsets not.

    Everybody who asked for offsets of the group waited for ever. A commit of the next transaction
    of that id would have passed messages that nobody had worked on.
    """
    assert committed(bootstrap) == "_TIMED_OUT"
    transactions = KafkaTransactions(bootstrap, OF_OFFSETS, OF_OFFSETS)
    transactions.start()
    assert committed(bootstrap) == BEFORE
    transactions.close()


def test_a_start_ends_messages_of_its_id_that_nobody_would_end(bootstrap: str) -> None:
    """A broker that was killed forgot a transaction while it started.

    Everybody who read its partitions waited for ever. A fold could not restore its table, and the
    next commit of that id would have made messages valid whose batch was worked on again.
    """
    with closing(AskedOffsets(bootstrap)) as asked:
        topics = [PLACE[0]]
        assert retry_transient(lambda: asked.open_places(topics)) == [PLACE]
        transactions = KafkaTransactions(bootstrap, OF_MESSAGES, OF_MESSAGES, topics)
        transactions.start()
        until(lambda: asked.open_places(topics), lambda found: not found)
        transactions.commit([Outgoing(PLACE[0], b"", AFTER.encode(), partition=0)], {}, None)
        transactions.close()
        assert valid_messages(bootstrap) == [BEFORE, AFTER]


def write(writer: Producer, value: str) -> None:
    """The message is in the log, in a transaction that is left open."""
    writer.begin_transaction()
    writer.produce(PLACE[0], key=b"", value=value.encode(), partition=PLACE[1])
    assert writer.flush(20) == 0


def valid_messages(bootstrap: str) -> list[str]:
    """The bodies that a reader of the partition gets until its end."""
    bodies: list[str] = []
    with nobody(bootstrap) as member:
        member.assign([TopicPartition(*PLACE, 0)])

        def has_ended() -> bool:
            message = member.poll(1)
            if message is None:
                return False
            if message.error() is None:
                bodies.append((message.value() or b"").decode())
            return end_of(message) is not None

        until(has_ended, bool)
    return bodies


def a_writer(bootstrap: str, name: str) -> Producer:
    """A transactional producer of the id, without what its start does in the product.

    The coordinator has noted that the id's former transaction is over.
    """
    writer = Producer(client(bootstrap, {"transactional.id": name}))
    writer.init_transactions(20)
    return writer


def send(writer: Producer, bootstrap: str, offset: str) -> None:
    """The offset is sent in a transaction that is left open."""
    writer.begin_transaction()
    with nobody(bootstrap) as member:
        metadata = member.consumer_group_metadata()
        writer.send_offsets_to_transaction([TopicPartition(*PLACE, int(offset))], metadata, 20)


def committed(bootstrap: str) -> str:
    """The group's offset, or the error that stands in its place once the broker knows the group."""

    def answer() -> str:
        with nobody(bootstrap) as member:
            try:
                (found,) = member.committed([TopicPartition(*PLACE)], timeout=PATIENCE_S)
            except KafkaException as error:
                return str(error.args[0].name())
        return str(found.offset)

    return until(answer, lambda found: "COORDINATOR" not in found, 60)


@contextmanager
def nobody(bootstrap: str) -> Iterator[Consumer]:
    """A consumer that joins no group."""
    settings = {"group.id": OF_OFFSETS, "enable.partition.eof": True}
    with closing(Consumer(client(bootstrap, settings))) as member:
        yield member


def coordinators_state(logs: Path, to: Path) -> Path:
    """A copy of all that the coordinator of transactions knows."""
    for part in logs.glob("__transaction_state-*"):
        shutil.copytree(part, to / part.name)
    return to


def forget(logs: Path, kept: Path) -> None:
    """The coordinator knows again what it knew then."""
    for part in kept.iterdir():
        shutil.rmtree(logs / part.name)
        shutil.copytree(part, logs / part.name)

"""The ends of partitions that a fold commits are behind nothing that it has yet to handle."""

from collections.abc import Sequence
from typing import cast

import pytest
from confluent_kafka import KafkaError, Message, TopicPartition

from adapters.kafka.changelog import Restoration
from adapters.kafka.intake import Intake
from schemas import stages

TOPIC = stages.GROUPS.reads[0].name


class Restored:
    """All tables are up to date."""

    partitions = ()
    records_left = 0


class Client:
    """A member with one partition: two messages, and its end behind them."""

    def __init__(self) -> None:
        self.queue = [
            Message(topic=TOPIC, partition=0, offset=5, value=b"{}"),
            Message(topic=TOPIC, partition=0, offset=6, value=b"{}"),
            Message(
                topic=TOPIC, partition=0, offset=8, error=KafkaError(KafkaError._PARTITION_EOF)
            ),
        ]
        self.sought: list[int] = []
        self.committed: list[int] = []

    def consume(self, most: int, timeout: float) -> list[Message]:
        found = self.queue[:most]
        self.queue = self.queue[most:]
        return found

    def assignment(self) -> list[TopicPartition]:
        return [TopicPartition(TOPIC, 0)]

    def consumer_group_metadata(self) -> object:
        return "member"

    def seek(self, place: TopicPartition) -> None:
        self.sought.append(place.offset)

    def commit(self, offsets: Sequence[TopicPartition], asynchronous: bool) -> None:
        self.committed += [place.offset for place in offsets]


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Client:
    made = Client()
    monkeypatch.setattr("adapters.kafka.intake.Consumer", lambda _settings: made)
    return made


def intake_of_groups() -> Intake:
    return Intake("", stages.GROUPS, cast("Restoration", Restored()), lambda: None)


def test_an_end_is_committed_when_nothing_is_left(client: Client) -> None:
    intake = intake_of_groups()
    assert intake.take() is not None
    assert intake.take() is None
    assert client.committed == [8]


def test_an_end_behind_messages_that_are_taken_again_is_not_committed(client: Client) -> None:
    """A worker that ended before they came again would have lost them."""
    intake = intake_of_groups()
    batch = intake.take()
    assert batch is not None
    intake.rewind(batch.messages[1:])
    assert intake.take() is None  # they are on their way
    assert (client.sought, client.committed) == ([6], [])


def test_an_end_is_committed_with_the_messages_of_others_when_they_never_cease(
    client: Client,
) -> None:
    """Before, nothing counted as handled while a fold was never idle: sessions waited for ever."""
    intake = intake_of_groups()
    assert intake.take() is not None
    client.queue = [Message(topic=TOPIC, partition=1, offset=3, value=b"{}")]
    batch = intake.take()
    assert batch is not None
    assert batch.ends == {(TOPIC, 0): 8}
    assert intake.take() is None
    assert client.committed == []


def test_the_end_of_the_partition_of_a_batch_waits_for_the_batch(client: Client) -> None:
    batch = intake_of_groups().take()
    assert batch is not None
    assert batch.ends == {}

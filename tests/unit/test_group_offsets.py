"""The progress of a group as others see it, on the client's own mock of a broker."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from adapters.kafka import asked_offsets
from adapters.kafka.asked_offsets import AskedOffsets
from adapters.kafka.ends import Place
from adapters.kafka.offsets import GroupOffsets
from adapters.process.retry import TransientError
from schemas.topics import CREDITED, DIRECTORY

PARTITIONS = 4
"""Of every topic of the mock."""
TOPICS = [replace(topic, partitions=PARTITIONS) for topic in (CREDITED, DIRECTORY)]
CREDITS = (CREDITED.name, 1)
ROWS = (DIRECTORY.name, 2)
ENDS = {CREDITS: 3, ROWS: 2}


@pytest.fixture
def bootstrap() -> Iterator[str]:
    """Address of a broker with messages in two of the partitions."""
    mock = Producer({"test.mock.num.brokers": 1, "log_level": 0})
    for (topic, partition), end in ENDS.items():
        for _ in range(end):
            mock.produce(topic, b"event", partition=partition)
    mock.flush(5)
    [broker] = mock.list_topics(timeout=5).brokers.values()
    yield f"{broker.host}:{broker.port}"
    mock.flush(5)  # it lives as long as this producer


def commit(bootstrap: str, ends: dict[Place, int]) -> None:
    """As a member of the group does."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "g", "log_level": 0})
    done = [TopicPartition(*place, end) for place, end in ends.items()]
    consumer.commit(offsets=done, asynchronous=False)
    consumer.close()


def test_partitions_without_messages_have_no_end(bootstrap: str) -> None:
    assert GroupOffsets(AskedOffsets(bootstrap), "g", TOPICS).ends() == ENDS


def test_a_group_has_passed_the_ends_when_it_committed_every_one(bootstrap: str) -> None:
    group = GroupOffsets(AskedOffsets(bootstrap), "g", TOPICS)
    assert not group.has_passed(ENDS)
    commit(bootstrap, {CREDITS: 3})
    assert not group.has_passed(ENDS)
    commit(bootstrap, {ROWS: 1})
    assert not group.has_passed(ENDS)
    commit(bootstrap, {CREDITS: 4, ROWS: 2})
    assert group.has_passed(ENDS)


def test_no_group_is_behind_topics_without_messages(bootstrap: str) -> None:
    assert GroupOffsets(AskedOffsets(bootstrap), "another", TOPICS).has_passed({})


def test_connections_that_were_given_back_are_made_anew(bootstrap: str) -> None:
    group = GroupOffsets(AskedOffsets(bootstrap), "g", TOPICS)
    assert group.ends() == ENDS
    group.close()
    assert group.ends() == ENDS


def test_a_broker_that_is_away_is_transient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked_offsets, "ASK_S", 0.2)
    group = GroupOffsets(AskedOffsets("127.0.0.1:9"), "g", TOPICS)
    with pytest.raises(TransientError):
        group.ends()
    with pytest.raises(TransientError):
        group.has_passed(ENDS)

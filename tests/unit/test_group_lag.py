"""The lag of a group by kind, on the client's own mock of a broker."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from confluent_kafka import Producer

from adapters.kafka import asked_offsets
from adapters.kafka.lag import GroupLag, Kind
from adapters.process.retry import TransientError
from consumers.runtime.lag import EVERY_S, IDLE_EVERY_S, pause_s
from schemas.topics import WINDOW_BACKLOG, WINDOW_READY

PARTITIONS = 4
"""Of every topic of the mock."""
READS = [replace(topic, partitions=PARTITIONS) for topic in (WINDOW_READY, WINDOW_BACKLOG)]


@pytest.fixture
def mock() -> Iterator[Producer]:
    """A producer that has the mock in it."""
    producer = Producer({"test.mock.num.brokers": 1, "log_level": 0})
    yield producer
    producer.flush(5)


def test_windows_that_catch_up_are_told_from_live_ones(mock: Producer) -> None:
    for topic, number in zip(READS, (5, 9), strict=True):
        for _ in range(number):
            mock.produce(topic.name, b"window")
    mock.flush(5)
    [broker] = mock.list_topics(timeout=5).brokers.values()
    found = GroupLag(f"{broker.host}:{broker.port}", "g", READS).by_kind()
    assert found == {Kind.LIVE: 5, Kind.CATCHING_UP: 9}


def test_a_broker_that_is_away_is_transient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked_offsets, "ASK_S", 0.2)
    with pytest.raises(TransientError):
        GroupLag("127.0.0.1:9", "g", READS).by_kind()


def test_a_group_for_which_nothing_waits_is_looked_at_less_often() -> None:
    assert pause_s({Kind.LIVE: 0, Kind.CATCHING_UP: 0}) == IDLE_EVERY_S
    assert pause_s({Kind.LIVE: 0, Kind.CATCHING_UP: 2}) == EVERY_S
    assert pause_s({}) == EVERY_S  # the broker was away

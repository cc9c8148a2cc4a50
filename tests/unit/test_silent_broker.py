"""A broker that goes away while its messages are read is waited for, and not for ever."""

import time
from collections.abc import Callable, Iterable, Sequence

import pytest
from confluent_kafka import Message, TopicPartition

from adapters.kafka.partition_log import PartitionLog
from adapters.kafka.reader import whole
from adapters.process.retry import TransientError
from schemas.fuses import FUSES

MESSAGES = 3
PLACE = (FUSES.name, 0)
MINUTES_S = 600.0


class Broker:
    """It has MESSAGES messages, gives the first of them, and goes away. Time goes on in polls."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.given = 0

    def client(self, _settings: object) -> "Client":
        return Client(self)

    def next(self, timeout: float) -> Message | None:
        if self.given:
            self.now_s += timeout
            assert self.now_s < 2 * MINUTES_S, "it waits for ever"
            return None
        self.given += 1
        return Message(topic=FUSES.name, partition=0, offset=0, value=b"{}")


class Client:
    """The parts of the Kafka client that read."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    def offsets_for_times(
        self, asked: Sequence[TopicPartition], timeout: float
    ) -> list[TopicPartition]:
        ends = {-1: MESSAGES, -2: 0}
        return [TopicPartition(one.topic, one.partition, ends[one.offset]) for one in asked]

    def get_watermark_offsets(self, _place: TopicPartition, timeout: float) -> tuple[int, int]:
        return 0, MESSAGES

    def assign(self, places: Sequence[TopicPartition]) -> None: ...

    def consume(self, most: int, timeout: float) -> list[Message]:
        message = self._broker.next(timeout)
        return [] if message is None else [message]

    def poll(self, timeout: float) -> Message | None:
        return self._broker.next(timeout)

    def close(self) -> None: ...


READINGS: list[Callable[[], Iterable[object]]] = [
    lambda: PartitionLog("", "test").read([PLACE]),
    lambda: PartitionLog("", "test").copies([PLACE]),
    lambda: whole("", "test", FUSES),
]


@pytest.mark.parametrize("reading", READINGS, ids=["read", "copies", "whole"])
def test_a_broker_that_went_away_is_told(
    reading: Callable[[], Iterable[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    broker = Broker()
    for module in ("partition_log", "asked_offsets", "reader"):
        monkeypatch.setattr(f"adapters.kafka.{module}.Consumer", broker.client)
    monkeypatch.setattr(time, "monotonic", lambda: broker.now_s)
    found = iter(reading())
    next(found)
    broker.now_s += MINUTES_S / 2  # who reads it takes minutes: that is no silence
    with pytest.raises(TransientError):
        next(found)
    assert broker.now_s > MINUTES_S / 2

"""The table of a fold after a restart: no record of its changelog is left out."""

from collections.abc import Collection
from pathlib import Path

import pytest
from confluent_kafka import KafkaError, Message, TopicPartition

from adapters.kafka.changelog import Restoration
from adapters.process.retry import TransientError
from adapters.table import Table

TOPIC = "lahstats-streams-sessions-changelog"
RECORDS = 4


class Client:
    """The parts of `confluent_kafka.Consumer` that are used. It fails once, after `first` records.

    It hands nothing out again, unless it is assigned anew.
    """

    first = 2
    has_failed = False

    def __init__(self, _settings: object) -> None:
        self._next = 0

    def offsets_for_times(
        self, asked: list[TopicPartition], timeout: float
    ) -> list[TopicPartition]:
        return [TopicPartition(TOPIC, 0, RECORDS if one.offset == -1 else 0) for one in asked]

    def assign(self, places: Collection[TopicPartition]) -> None:
        (place,) = places
        self._next = place.offset

    def consume(self, most: int, timeout: float) -> list[Message]:
        found = [_record(offset) for offset in range(self._next, RECORDS)]
        self._next = RECORDS
        if not Client.has_failed:
            Client.has_failed = True
            found.insert(self.first, _refusal())
        return [*found, _end()]

    def close(self) -> None:
        pass


def _record(offset: int) -> Message:
    return Message(topic=TOPIC, partition=0, offset=offset, key=b"k%d" % offset, value=b"{}")


def _refusal() -> Message:
    error = KafkaError(KafkaError.UNKNOWN_TOPIC_OR_PART)
    return Message(topic=TOPIC, partition=0, offset=-1, error=error)


def _end() -> Message:
    error = KafkaError(KafkaError._PARTITION_EOF)
    return Message(topic=TOPIC, partition=0, offset=RECORDS, error=error)


def test_records_behind_an_error_are_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before, the client had handed them out, and the table never had them."""
    monkeypatch.setattr("adapters.kafka.changelog.Consumer", Client)
    monkeypatch.setattr("adapters.kafka.asked_offsets.Consumer", Client)
    monkeypatch.setattr(Client, "has_failed", False)
    table = Table(tmp_path)
    restoration = Restoration("", TOPIC, table)
    assert restoration.begin({0}) == set()
    with pytest.raises(TransientError):
        restoration.step(0.0)
    assert restoration.step(0.0) == {0}
    assert [key for key, _ in table.items(0)] == [b"k0", b"k1", b"k2", b"k3"]
    assert table.reached(0) == RECORDS
    table.close()

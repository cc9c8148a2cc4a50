"""Reading one partition of some topics to its end, beside the live traffic and without a group."""

from collections.abc import Iterator, Sequence
from uuid import uuid4

import msgspec
from confluent_kafka import Consumer, Message, TopicPartition

from adapters.kafka.asked_offsets import AskedOffsets
from adapters.kafka.client import client, transient_when_away
from adapters.kafka.ends import Place, end_of, place_of
from adapters.kafka.fetched import Fetched, fetched, headers_of, is_message
from adapters.kafka.silence import Silence

MOST = 500
"""Messages of one step."""
QUEUE_KB = 4096
"""Fetched and not yet taken."""
WAIT_S = 0.2


class Copied(msgspec.Struct, frozen=True, array_like=True):
    """One record as it is in the log. `timestamp_ms` is Unix time."""

    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: dict[str, str]


class PartitionLog:
    """Reads committed messages alone. Nothing is committed. Blocking; not thread-safe.

    Methods raise TransientError when the broker is away.
    """

    def __init__(self, bootstrap: str, name: str) -> None:
        self._offsets = AskedOffsets(bootstrap)
        own = {
            "group.id": f"{name}-{uuid4()}",  # the client demands one; it is never joined
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
            "enable.partition.eof": True,
            "fetch.wait.max.ms": 100,  # an end that is reached is told so late
            "queued.max.messages.kbytes": QUEUE_KB,
        }
        self._consumer = Consumer(client(bootstrap, own))

    def sizes(self, places: Sequence[Place]) -> dict[Place, int]:
        """How many offsets each partition has."""
        firsts = self._offsets.firsts(places)
        ends = self._offsets.ends(places)
        return {place: ends[place] - firsts[place] for place in places}

    def passed(self, group: str) -> dict[Place, int]:
        """The offsets that a consumer group has committed, of all partitions that it read."""
        return self._offsets.committed(group)

    def read(self, places: Sequence[Place]) -> Iterator[list[Fetched]]:
        """The messages that are there now, in order of each partition, some at a time."""
        for messages in self._messages(places):
            yield [fetched(message) for message in messages]

    def copies(self, places: Sequence[Place]) -> Iterator[tuple[Place, Copied]]:
        """The same one by one, with all that makes a record what it is."""
        for messages in self._messages(places):
            for message in messages:
                yield fetched(message).place, _copied(message)

    def _messages(self, places: Sequence[Place]) -> Iterator[list[Message]]:
        firsts = self._offsets.firsts(places)
        ends = self._offsets.ends(places)
        left = {place: end for place, end in ends.items() if end > firsts[place]}
        self._consumer.assign([TopicPartition(*place, firsts[place]) for place in left])
        silence = Silence()
        while left:
            unread = len(left)
            messages = self._step(left)
            if messages or len(left) < unread:
                yield messages
                silence.is_over()  # who reads them may have taken minutes
            silence.check()
        self._consumer.unassign()

    def _step(self, left: dict[Place, int]) -> list[Message]:
        """Takes some messages, and removes the partitions from `left` that are read."""
        with transient_when_away():
            messages = self._consumer.consume(MOST, timeout=WAIT_S)
        found: list[Message] = []
        for message in messages:
            place = place_of(message)
            if end_of(message) is not None:  # behind the last message may be a transaction's marker
                left.pop(place, None)
            elif is_message(message):
                found.append(message)
                after = (message.offset() or 0) + 1
                if after >= left.get(place, after + 1):
                    del left[place]
        return found

    def close(self) -> None:
        """Give the connections back."""
        self._offsets.close()
        self._consumer.close()


def _copied(message: Message) -> Copied:
    one = fetched(message)
    _, timestamp_ms = message.timestamp()
    return Copied(one.offset, timestamp_ms, one.key, one.value, headers_of(message))

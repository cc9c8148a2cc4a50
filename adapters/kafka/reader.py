"""Reading partitions outside of a consumer group: from their beginning, or from now on."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any
from uuid import uuid4

from confluent_kafka import Consumer, Message, TopicPartition

from adapters.kafka.client import client
from adapters.kafka.ends import Place, end_of, place_of, places_of
from adapters.kafka.fetched import Fetched, fetched
from adapters.kafka.silence import Silence
from adapters.kafka.timed_call import answer, give_back
from adapters.process.retry import retry_transient
from schemas.fact_sheet import Topic

WATERMARK_TIMEOUT_S = 10
POLL_S = 0.5


class LogReader:
    """Reads every partition of some topics. Nothing is committed. Not thread-safe."""

    def __init__(self, bootstrap: str, name: str) -> None:
        own = {
            "group.id": f"{name}-{uuid4()}",  # the client demands one; it is never joined
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "fetch.wait.max.ms": 1000,
            "enable.partition.eof": True,
        }
        self._consumer = Consumer(client(bootstrap, own))
        self._unread: dict[Place, int] = {}

    def assign(self, whole: Sequence[Topic], new: Sequence[Topic]) -> None:
        """Read `whole` from the beginning and `new` from the end. Blocking.

        Raises TransientError when the broker stays away.
        """
        starts: list[TopicPartition] = []
        for place in places_of(whole):
            low, high = self._watermarks(place)
            starts.append(TopicPartition(*place, low))
            if high > low:
                self._unread[place] = high
        for place in places_of(new):
            _, high = self._watermarks(place)
            starts.append(TopicPartition(*place, high))
        self._consumer.assign(starts)

    @property
    def caught_up(self) -> bool:
        """Whether `poll` has passed all that `whole` had when it was assigned. Never blocks."""
        return not self.unread

    @property
    def unread(self) -> int:
        """How many partitions of `whole` are left of which that is not so. Never blocks."""
        return len(self._unread)

    def _watermarks(self, place: Place) -> tuple[int, int]:
        # A topic that was made a moment ago has no leader yet.
        return retry_transient(lambda: self._asked(TopicPartition(*place)))

    def _asked(self, partition: TopicPartition) -> tuple[int, int]:
        ask = self._consumer.get_watermark_offsets
        offsets: Any = answer(WATERMARK_TIMEOUT_S, ask, partition)
        low, high = offsets
        return int(low), int(high)

    def poll(self, wait_s: float) -> Fetched | None:
        """The next message, or None when none came in `wait_s`."""
        message = self._consumer.poll(wait_s)
        if message is None:
            return None
        if message.error() is None:
            self._pass(message, (message.offset() or 0) + 1)
            return fetched(message)
        end = end_of(message)
        if end is not None:  # behind the last message may be the marker of a transaction
            self._pass(message, end)
        return None

    def _pass(self, message: Message, offset: int) -> None:
        place = place_of(message)
        if offset >= self._unread.get(place, offset + 1):
            del self._unread[place]

    def close(self) -> None:
        """Give the connections back."""
        give_back(self._consumer.close)


def whole(bootstrap: str, name: str, topic: Topic) -> Iterator[Fetched]:
    """All messages that `topic` has now, in order of each partition. Blocking.

    Raises TransientError when the broker stays away.
    """
    with closing(LogReader(bootstrap, name)) as reader:
        reader.assign(whole=[topic], new=[])
        silence = Silence()
        while unread := reader.unread:
            message = reader.poll(POLL_S)
            if message is not None:
                yield message
            if message is not None or reader.unread < unread:
                silence.is_over()
            silence.check()


def values(bootstrap: str, topic: Topic, key: bytes | None) -> Iterator[bytes | None]:
    """The values of the messages with `key` that `topic` has now, in their order.

    Reads the whole topic. Blocking; raises TransientError when the broker stays away.
    """
    for message in whole(bootstrap, "values", topic):
        if message.key == key:
            yield message.value

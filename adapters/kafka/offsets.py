"""The progress of a consumer group, read from outside of it."""

from collections.abc import Sequence

from confluent_kafka import Consumer, TopicPartition

from adapters.kafka.consumer import Place, transient_when_away
from schemas.topics import Topic

TIMEOUT_S = 10


class GroupOffsets:
    """Offsets of `topics`, and those that `group` committed. It never joins the group.

    Blocking; raises TransientError when Kafka is away.
    """

    def __init__(self, bootstrap: str, group: str, topics: Sequence[Topic]) -> None:
        self._places = [(topic.name, n) for topic in topics for n in range(topic.partitions)]
        self._consumer = Consumer(
            {
                "bootstrap.servers": bootstrap,
                "group.id": group,
                "enable.auto.commit": False,
                "log_level": 3,
            }
        )

    def ends(self) -> dict[Place, int]:
        """The offset after the last message of every partition that has any."""
        ends: dict[Place, int] = {}
        for place in self._places:
            partition = TopicPartition(*place)
            with transient_when_away():
                low, high = self._consumer.get_watermark_offsets(partition, timeout=TIMEOUT_S)
            if high > low:
                ends[place] = high
        return ends

    def has_passed(self, ends: dict[Place, int]) -> bool:
        """Whether the group committed all of `ends`."""
        if not ends:
            return True
        wanted = [TopicPartition(*place) for place in ends]
        with transient_when_away():
            committed = self._consumer.committed(wanted, timeout=TIMEOUT_S)
        reached = {(part.topic, part.partition): part.offset for part in committed}
        return all(reached[place] >= end for place, end in ends.items())

    def close(self) -> None:
        """Give the connections back."""
        self._consumer.close()

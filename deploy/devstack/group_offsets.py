"""Committed offsets of the consumer groups of a stack: read, and put back to 0."""

from collections.abc import Mapping

from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]

from schemas.topics import Topic

Place = tuple[str, int]
"""A topic's name and a partition."""
TIMEOUT_S = 30
PREFIX = "lahstats"


class StackOffsets:
    """Blocking calls on the broker. Raises KafkaException when it is away."""

    def __init__(self, bootstrap: str) -> None:
        self._admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})

    def lag(self) -> int:
        """Return the messages that some consumer group of ours has yet to commit."""
        return sum(self._lag(self._committed(group)) for group in self._groups())

    def lag_of(self, group: str, topic: Topic) -> int:
        """Return the messages of `topic` that `group` has yet to commit.

        Before its first commit those are all of them.
        """
        places = {(topic.name, partition): 0 for partition in range(topic.partitions)}
        committed = self._committed(group).items()
        return self._lag(places | {place: offset for place, offset in committed if place in places})

    def rewind(self) -> int:
        """Put every group of ours back to offset 0. Return the messages that come again.

        No member of a group may run meanwhile.
        """
        return sum(self._rewind(group) for group in self._groups())

    def _rewind(self, group: str) -> int:
        offsets = {place: offset for place, offset in self._committed(group).items() if offset > 0}
        if not offsets:
            return 0  # the broker takes no empty change
        starts = [TopicPartition(*place, 0) for place in offsets]
        change = ConsumerGroupTopicPartitions(group, starts)
        self._admin.alter_consumer_group_offsets([change])[group].result(timeout=TIMEOUT_S)
        return sum(offsets.values())

    def _groups(self) -> list[str]:
        listed = self._admin.list_consumer_groups().result(timeout=TIMEOUT_S).valid
        names = [group.group_id for group in listed]
        return [name for name in names if name.startswith(PREFIX)]

    def _committed(self, group: str) -> dict[Place, int]:
        asked = self._admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)])
        partitions = asked[group].result(timeout=TIMEOUT_S).topic_partitions
        return {(p.topic, p.partition): p.offset for p in partitions if p.offset >= 0}

    def _lag(self, offsets: Mapping[Place, int]) -> int:
        ends = self._ends(offsets)
        return sum(ends[place] - offset for place, offset in offsets.items())

    def _ends(self, places: Mapping[Place, int]) -> dict[Place, int]:
        latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]
        wanted = {TopicPartition(*place): latest for place in places}
        asked = self._admin.list_offsets(wanted)
        ends = {}
        for partition, future in asked.items():
            ends[partition.topic, partition.partition] = future.result(timeout=TIMEOUT_S).offset
        return ends

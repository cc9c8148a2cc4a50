"""How far a consumer group is, asked from outside of it."""

from collections.abc import Sequence

from confluent_kafka import Consumer, KafkaException, TopicPartition

from adapters.kafka.consumer import Place
from adapters.process.retry import TransientError
from schemas.topics import Topic


class GroupOffsets:
    """Offsets of `topics` and what `group` committed of them. Never joins the group. Blocking; TransientError when Kafka is away."""

    def __init__(self, bootstrap: str, group: str, topics: Sequence[Topic]) -> None:
        self._places = [
            TopicPartition(topic.name, n) for topic in topics for n in range(topic.partitions)
        ]
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
        try:
            found = [(p, self._consumer.get_watermark_offsets(p, timeout=10)) for p in self._places]
        except KafkaException as error:
            raise TransientError(f"kafka: {error.args[0].name()}") from error
        return {(p.topic, p.partition): high for p, (low, high) in found if high > low}

    def has_passed(self, ends: dict[Place, int]) -> bool:
        """Whether the group committed all of `ends`."""
        try:
            committed = (
                self._consumer.committed([TopicPartition(*place) for place in ends], timeout=10)
                if ends
                else []
            )
        except KafkaException as error:
            raise TransientError(f"kafka: {error.args[0].name()}") from error
        return all(p.offset >= ends[p.topic, p.partition] for p in committed)

    def close(self) -> None:
        """Give the connections back."""
        self._consumer.close()

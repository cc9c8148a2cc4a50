"""After a rebalance every partition is back at its committed offset, the ones without a commit too.

Nothing fetched is lost.
"""

import asyncio
from types import SimpleNamespace
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition  # type: ignore[import-untyped]
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]

from deploy.devstack.running_stack import RunningStack
from streams.transport import RewindingThread

TOPIC, CHANGELOG = "test.rewinding", "test.rewinding-changelog"
NONE, ZERO, TWO, LOG = (
    TopicPartition(*place) for place in ((TOPIC, 0), (TOPIC, 1), (TOPIC, 2), (CHANGELOG, 0))
)


class Thread(RewindingThread):
    """Faust's thread without its thread: the consumer is the real one."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer
        self.consumer: Any = SimpleNamespace(
            _is_changelog_tp=lambda place: place.topic == CHANGELOG
        )


def fill(kafka: str) -> None:
    """Three messages in each partition."""
    admin = AdminClient({"bootstrap.servers": kafka})
    for future in admin.create_topics([NewTopic(TOPIC, 3, 1), NewTopic(CHANGELOG, 1, 1)]).values():
        future.result(timeout=30)
    producer = Producer({"bootstrap.servers": kafka})
    for place in (NONE, ZERO, TWO, LOG) * 3:
        producer.produce(place.topic, b"x", partition=place.partition)
    assert producer.flush(30) == 0


async def positions_after_rewind(kafka: str) -> dict[TopicPartition, int]:
    """Everything read, little committed, sought back."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka,
        group_id="test-rewinding",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        consumer.assign([NONE, ZERO, TWO, LOG])
        await consumer.commit({ZERO: 0, TWO: 2})
        for place in (NONE, ZERO, TWO, LOG):
            consumer.seek(place, 0)
        read = 0
        while read < 12:
            read += sum(map(len, (await consumer.getmany(timeout_ms=1000)).values()))
        await Thread(consumer)._rewind()
        return {place: await consumer.position(place) for place in (NONE, ZERO, TWO, LOG)}
    finally:
        await consumer.stop()


def test_every_partition_goes_back_to_its_committed_offset_except_changelogs(
    stack: RunningStack,
) -> None:
    fill(stack.settings.kafka)
    assert asyncio.run(positions_after_rewind(stack.settings.kafka)) == {
        NONE: 0,
        ZERO: 0,
        TWO: 2,
        LOG: 3,
    }

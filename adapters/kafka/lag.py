"""The messages that a consumer group has yet to handle: live ones, and others that catch up."""

from collections.abc import Sequence
from enum import StrEnum

from confluent_kafka import ConsumerGroupTopicPartitions, IsolationLevel, KafkaException
from confluent_kafka import TopicPartition as Partition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]

from adapters.kafka.consumer import Place
from adapters.process.retry import TransientError
from schemas.topics import Topic

TIMEOUT_S = 10


class Kind(StrEnum):
    """Whether somebody waits for a message now."""

    LIVE = "live"
    CATCHING_UP = "catching_up"


class GroupLag:
    """The lag of one group on the topics that it reads. Never joins the group."""

    def __init__(self, bootstrap: str, group: str, reads: Sequence[Topic]) -> None:
        """Asks nothing yet."""
        self._group = group
        self._reads = reads
        self._admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})

    def by_kind(self) -> dict[Kind, int]:
        """Messages that wait; topics that yield catch up. Blocking; two requests to the broker.

        Raises TransientError when it is away.
        """
        kinds = {topic.name: _kind_of(topic) for topic in self._reads}
        found = dict.fromkeys(kinds.values(), 0)
        try:
            committed, ends = self._committed(), self._ends()
        except (KafkaException, TimeoutError) as error:
            raise TransientError(f"kafka does not say the lag: {type(error).__name__}") from error
        for place, end in ends.items():
            found[kinds[place[0]]] += max(0, end - committed.get(place, 0))
        return found

    def _committed(self) -> dict[Place, int]:
        asked = self._admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(self._group)])
        partitions = asked[self._group].result(timeout=TIMEOUT_S).topic_partitions
        return {(p.topic, p.partition): p.offset for p in partitions if p.offset >= 0}

    def _ends(self) -> dict[Place, int]:
        latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]
        places = [(topic.name, n) for topic in self._reads for n in range(topic.partitions)]
        asked = self._admin.list_offsets(
            {Partition(*place): latest for place in places},
            isolation_level=IsolationLevel.READ_COMMITTED,
        )
        answers = {(p.topic, p.partition): future for p, future in asked.items()}
        return {place: future.result(timeout=TIMEOUT_S).offset for place, future in answers.items()}


def _kind_of(topic: Topic) -> Kind:
    return Kind.CATCHING_UP if topic.yields else Kind.LIVE

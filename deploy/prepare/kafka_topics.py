"""Kafka topics: those of the fact sheets, their dead letters, changelogs, and the fuses."""

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from adapters.settings import Settings
from schemas import topics
from schemas.fuses import FUSES
from schemas.retention import DEAD_LETTERS_MS
from schemas.stages import FOLDS
from schemas.topics import Topic

COMPACTED = {"cleanup.policy": "compact"}


def wanted_topics(replication: int = 1) -> list[NewTopic]:
    """Return every topic that must exist, with its configuration.

    With `replication` copies all but one must hold an event before it is confirmed.
    One broker may then be away, and no confirmed event is lost.
    """
    changelogs = [fold.changelog for fold in FOLDS]
    letters = {"retention.ms": str(DEAD_LETTERS_MS)}
    wanted = [(topic.name, topic.partitions, _retention(topic)) for topic in topics.ALL]
    wanted += [(topic.dead_letters, 1, letters) for topic in topics.ALL]
    wanted += [(name, topics.SESSION_PARTITIONS, COMPACTED) for name in changelogs]
    wanted.append((FUSES.name, FUSES.partitions, COMPACTED))
    safe = {"min.insync.replicas": str(max(1, replication - 1))}
    return [
        NewTopic(name, num_partitions=count, replication_factor=replication, config=config | safe)
        for name, count, config in wanted
    ]


def _retention(topic: Topic) -> dict[str, str]:
    return COMPACTED if topic.compacted else {"retention.ms": str(topic.retention_ms)}


def broker_answers(settings: Settings) -> bool:
    """Return whether Kafka answers its own client: an open port is not enough. Blocks up to 1 s."""
    admin = AdminClient({"bootstrap.servers": settings.kafka, "log_level": 0})
    try:
        return bool(admin.list_topics(timeout=1).brokers)
    except KafkaException:
        return False


def create_topics(settings: Settings) -> None:
    """Create the topics that are absent. Blocking, repeatable; raises KafkaException."""
    admin = AdminClient({"bootstrap.servers": settings.kafka, "log_level": 3})
    present = set(admin.list_topics(timeout=10).topics)
    absent = [topic for topic in wanted_topics(settings.replication) if topic.topic not in present]
    if not absent:
        return
    for future in admin.create_topics(absent, operation_timeout=30).values():
        future.result(timeout=60)

"""Kafka topics: those of the fact sheets, their dead letters, changelogs, and the fuses."""

from collections.abc import Mapping, Sequence

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from adapters.kafka.client import client
from adapters.settings import Settings
from deploy.amounts import amount
from deploy.waiting import listens
from schemas import topics
from schemas.fact_sheet import SESSION_PARTITIONS, WEEK_MS, Topic
from schemas.fuses import FUSES
from schemas.limits import HOUR_MS
from schemas.retention import DEAD_LETTERS_MS
from schemas.stages import FOLDS

COMPACTED = {"cleanup.policy": "compact", "max.compaction.lag.ms": str(WEEK_MS)}
"""The broker removes values that were replaced, in time.

By itself it waits until half of a log is such values. A name, a guest, the owner of what was erased
would stay in a changelog of many sessions for months.
"""
NOT_AHEAD = {"message.timestamp.after.max.ms": str(HOUR_MS)}
"""The broker refuses a message of a machine whose clock is further ahead of its own.

Kafka 4 does so by default, unless its operators set it otherwise. Folds decide by times in
messages: a Tick of such a worker would remove the text of others, and a session would wait for its
time.
"""


def wanted_topics(replication: int = 1) -> list[NewTopic]:
    """Return every topic that must exist, with its configuration.

    With `replication` copies all but one must hold an event before it is confirmed.
    One broker may then be away, and no confirmed event is lost.
    """
    changelogs = [fold.changelog for fold in FOLDS]
    letters = {"retention.ms": str(DEAD_LETTERS_MS)}
    wanted = [(topic.name, topic.partitions, _retention(topic)) for topic in topics.ALL]
    wanted += [(topic.dead_letters, 1, letters) for topic in topics.ALL]
    wanted += [(name, SESSION_PARTITIONS, COMPACTED) for name in changelogs]
    wanted.append((FUSES.name, FUSES.partitions, COMPACTED))
    safe = {"min.insync.replicas": str(max(1, replication - 1)), **NOT_AHEAD}
    return [
        NewTopic(name, num_partitions=count, replication_factor=replication, config=config | safe)
        for name, count, config in wanted
    ]


def _retention(topic: Topic) -> dict[str, str]:
    return COMPACTED if topic.compacted else {"retention.ms": str(topic.retention_ms)}


def broker_complaint(settings: Settings, timeout_s: float = 1.0) -> str:
    """Return why Kafka cannot be used; empty when it answers its own client.

    An open port is not enough: a frozen broker takes connections. Blocks up to `timeout_s` for
    each address of each server, and once more for the client.
    """
    servers = settings.kafka
    # A client takes all of the time to say that nobody listens: a port says it at once.
    if not any(_listens(server, timeout_s) for server in servers.split(",")):
        return f"nobody listens on {servers}"
    try:
        admin = AdminClient({"bootstrap.servers": servers, "log_level": 0})
        admin.list_topics(timeout=timeout_s)
    except KafkaException:
        return f"{servers}: no answer to its own client"
    return ""


def _listens(server: str, timeout_s: float) -> bool:
    host, _, port = server.strip().rpartition(":")
    try:
        return listens(host, int(port), timeout_s)
    except ValueError:
        return False


def create_topics(settings: Settings) -> None:
    """Create the topics that are absent. Blocking, repeatable; raises KafkaException.

    Raises RuntimeError when a topic has another number of partitions than its fact sheet says.
    """
    admin = AdminClient(client(settings.kafka, {}))
    wanted = wanted_topics(settings.replication)
    topics_there = admin.list_topics(timeout=10).topics
    present = {name: len(topic.partitions) for name, topic in topics_there.items()}
    _check_partitions(wanted, present)
    absent = [topic for topic in wanted if topic.topic not in present]
    if not absent:
        return
    for future in admin.create_topics(absent, operation_timeout=30).values():
        future.result(timeout=60)


def _check_partitions(wanted: Sequence[NewTopic], present: Mapping[str, int]) -> None:
    """A broker may have made a topic by itself, or somebody gave it more partitions.

    The hash of a key would name different partitions on different topics: a fold would have one
    session in several tables. A topic that is just being made has none yet.
    """
    for topic in wanted:
        found = present.get(topic.topic, 0)
        if found and found != topic.num_partitions:
            partitions = amount(found, "partition", "partitions")
            raise RuntimeError(f"kafka: {topic.topic} has {partitions}, not {topic.num_partitions}")

"""What must be there before a stage starts: topics (changelogs too), the bucket, the tables."""

from datetime import UTC, datetime
from pathlib import Path

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from adapters.objects.lexicons import Lexicons, shipped_lexicon, shipped_lexicon_bytes
from adapters.objects.s3 import S3BlobStore
from adapters.settings import Settings
from adapters.warehouse import Warehouse
from schemas import topics
from schemas.lexicon import Lexicon
from schemas.topics import Topic

MIGRATIONS = Path("deploy/clickhouse/migrations")


COMPACTED = {"cleanup.policy": "compact"}


def wanted_topics(replication: int = 1) -> list[NewTopic]:
    """Every topic of the fact sheets, its dead letters, and the changelog of every fold.

    With `replication` copies all but one must have an event before it is confirmed: one broker may be away, none may forget.
    """
    wanted = [(topic.name, topic.partitions, _kept(topic)) for topic in topics.ALL]
    wanted += [
        (topic.dead_letters, 1, {"retention.ms": str(4 * topics.WEEK_MS)}) for topic in topics.ALL
    ]
    wanted += [
        (f"{topics.STREAMS_APP}-{fold}-changelog", topics.SESSION_PARTITIONS, COMPACTED)
        for fold in topics.FOLDS
    ]
    safe = {"min.insync.replicas": str(max(1, replication - 1))}
    return [
        NewTopic(name, num_partitions=count, replication_factor=replication, config=config | safe)
        for name, count, config in wanted
    ]


def _kept(topic: Topic) -> dict[str, str]:
    return COMPACTED if topic.compacted else {"retention.ms": str(topic.retention_ms)}


def broker_answers(settings: Settings) -> bool:
    """Whether Kafka answers its own client; an open port is not enough."""
    try:
        return bool(
            AdminClient({"bootstrap.servers": settings.kafka, "log_level": 0})
            .list_topics(timeout=1)
            .brokers
        )
    except KafkaException:
        return False


def create_topics(settings: Settings) -> None:
    """Create what is not there. Blocking; raises KafkaException."""
    admin = AdminClient({"bootstrap.servers": settings.kafka, "log_level": 3})
    present = set(admin.list_topics(timeout=10).topics)
    absent = [topic for topic in wanted_topics(settings.replication) if topic.topic not in present]
    for future in (admin.create_topics(absent, operation_timeout=30) if absent else {}).values():
        future.result(timeout=60)


def migrate(warehouse: Warehouse, folder: Path = MIGRATIONS) -> list[str]:
    """Run the migrations that were not run, in order of their names; returns those. A file is one statement each `;`."""
    warehouse.command(
        "CREATE TABLE IF NOT EXISTS schema_migrations (name String, applied_at DateTime DEFAULT now()) ENGINE = MergeTree ORDER BY name"
    )
    done = {row["name"] for row in warehouse.query("SELECT name FROM schema_migrations")}
    applied = []
    for path in sorted(folder.glob("*.sql")):
        if path.name in done:
            continue
        for statement in filter(str.strip, path.read_text().split(";\n")):
            warehouse.command(statement)
        warehouse.insert("schema_migrations", ["name"], [[path.name]])
        applied.append(path.name)
    return applied


def load_lexicon(warehouse: Warehouse, lexicon: Lexicon) -> None:
    """The lexicon as a table, for emoji and categories in queries."""
    now = datetime.now(UTC)
    rows = [
        [entry.word, entry.category, entry.emoji, lexicon.version, now] for entry in lexicon.words
    ]
    warehouse.insert("lexicon", ["word", "category", "emoji", "version", "loaded_at"], rows)
    warehouse.insert("lexicon_versions", ["version", "loaded_at"], [[lexicon.version, now]])


def prepare(settings: Settings) -> None:
    """All of it. Blocking, seconds; repeatable."""
    create_topics(settings)
    blobs = S3BlobStore(settings)
    blobs.ensure_bucket()
    Lexicons(blobs).put(shipped_lexicon_bytes())
    warehouse = Warehouse(settings)
    migrate(warehouse)
    load_lexicon(warehouse, shipped_lexicon())
    warehouse.close()

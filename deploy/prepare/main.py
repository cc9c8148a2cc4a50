"""`python -m deploy.prepare.main`: creates topics, bucket and tables on the configured servers."""

import sys
from collections.abc import Callable
from contextlib import closing

from adapters.objects.lexicons import Lexicons, shipped_lexicon, shipped_lexicon_bytes
from adapters.objects.s3 import S3BlobStore
from adapters.process.retry import retry_transient
from adapters.settings import Settings
from adapters.warehouse import Warehouse
from deploy.prepare.kafka_topics import create_topics
from deploy.prepare.own_words import renew_group_lexicons
from deploy.prepare.tables import load_lexicon, migrate
from schemas.stage_kinds import Need


def prepare_objects(settings: Settings) -> None:
    """Create the bucket, and store the shipped lexicon. Blocking; repeatable."""
    blobs = S3BlobStore(settings)
    blobs.ensure_bucket()
    blobs.check_digests()
    Lexicons(blobs).put(shipped_lexicon_bytes())


def prepare_warehouse(settings: Settings) -> None:
    """Create the tables, and load the shipped lexicon. Blocking; repeatable."""
    with closing(Warehouse(settings)) as warehouse:
        migrate(warehouse)
        load_lexicon(warehouse, shipped_lexicon())


PREPARATIONS: dict[Need, Callable[[Settings], None]] = {
    Need.KAFKA: create_topics,
    Need.OBJECTS: prepare_objects,
    Need.WAREHOUSE: prepare_warehouse,
}
"""They make each server ready for the stages that need it. None depends on another."""


def prepare(settings: Settings) -> None:
    """Create what is absent on Kafka, S3 and ClickHouse. Blocking, seconds; repeatable.

    Groups with own words are given the shipped lexicon beside them.
    """
    for preparation in PREPARATIONS.values():
        preparation(settings)
    renew_group_lexicons(settings)


def main() -> int:
    """Return 0 when everything is there. Blocks while a server cannot be reached yet."""
    settings = Settings()
    retry_transient(lambda: prepare(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())

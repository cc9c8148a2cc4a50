"""`python -m deploy.prepare.main`: creates topics, bucket and tables on the configured servers."""

import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Preparation:
    """`run` makes `made` ready on a server, for the stages that need it. Blocking; repeatable.

    Without a `server` it is done on all of them, after those of single servers.
    """

    made: str
    run: Callable[[Settings], None]
    server: Need | None = None


PREPARATIONS = (
    Preparation("topics", create_topics, Need.KAFKA),
    Preparation("bucket", prepare_objects, Need.OBJECTS),
    Preparation("tables", prepare_warehouse, Need.WAREHOUSE),
    Preparation("words of groups", renew_group_lexicons),
)
"""All that is prepared, whoever starts the servers. Those of single servers may go side by side."""


def prepare(settings: Settings) -> None:
    """Create what is absent on Kafka, S3 and ClickHouse. Blocking, seconds; repeatable.

    Groups with own words are given the shipped lexicon beside them.
    """
    for preparation in PREPARATIONS:
        preparation.run(settings)


def main() -> int:
    """Return 0 when everything is there. Blocks while a server cannot be reached yet."""
    settings = Settings()
    retry_transient(lambda: prepare(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())

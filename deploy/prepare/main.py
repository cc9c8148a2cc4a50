"""`python -m deploy.prepare.main`: creates topics, bucket and tables on the configured servers."""

import sys

from adapters.objects.lexicons import Lexicons, shipped_lexicon, shipped_lexicon_bytes
from adapters.objects.s3 import S3BlobStore
from adapters.process.retry import retry_transient
from adapters.settings import Settings
from adapters.warehouse import Warehouse
from deploy.prepare.kafka_topics import create_topics
from deploy.prepare.tables import load_lexicon, migrate


def prepare(settings: Settings) -> None:
    """Create what is absent on Kafka, S3 and ClickHouse. Blocking, seconds; repeatable."""
    create_topics(settings)
    blobs = S3BlobStore(settings)
    blobs.ensure_bucket()
    blobs.check_digests()
    Lexicons(blobs).put(shipped_lexicon_bytes())
    warehouse = Warehouse(settings)
    migrate(warehouse)
    load_lexicon(warehouse, shipped_lexicon())
    warehouse.close()


def main() -> int:
    """Return 0 when everything is there. Blocks while a server cannot be reached yet."""
    settings = Settings()
    retry_transient(lambda: prepare(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`python -m consumers.erasure.main`."""

import sys

from adapters.kafka.offsets import GroupOffsets
from adapters.kafka.publisher import KafkaPublisher, StagePublisher, outgoing
from adapters.objects.s3 import S3BlobStore
from adapters.process.clock import unix_ms
from adapters.process.retry import retry_transient
from adapters.settings import Settings
from adapters.warehouse import Warehouse
from consumers.erasure.step import Erasure
from consumers.runtime.process import serve
from schemas import stages
from schemas import topics as t

DECIDE = (
    t.CLAIMS_DECIDED,
    t.CREDITED,
    t.DIRECTORY,
    t.GROUPS_DIRECTORY,
    t.USERS_DIRECTORY,
    t.USERS_DECIDED,
)
"""What says whose something is."""


def main() -> int:
    """Blocks until SIGTERM."""
    settings = Settings()
    warehouse, publisher = (
        retry_transient(lambda: Warehouse(settings)),
        StagePublisher(KafkaPublisher(settings.kafka), stages.ERASURE),
    )
    sink = GroupOffsets(settings.kafka, stages.SINK.group, DECIDE)
    step = Erasure(
        S3BlobStore(settings),
        warehouse,
        unix_ms,
        sink,
        lambda events: publisher.publish([outgoing(topic, event) for topic, event in events]),
    )
    return serve(settings, step, stages.ERASURE)


if __name__ == "__main__":
    sys.exit(main())

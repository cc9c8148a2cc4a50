"""`python -m consumers.erasure.main`."""

import sys
from functools import partial

from adapters.erasure.record import ErasureRecord
from adapters.kafka.asked_offsets import AskedOffsets
from adapters.kafka.offsets import GroupOffsets
from adapters.kafka.publisher import KafkaPublisher, publish_events
from adapters.kafka.stage_publisher import StagePublisher
from adapters.objects.s3 import S3BlobStore
from adapters.process import lifecycle
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
"""Topics that decide whose something is. The sink must have passed them before rows are deleted."""
RELEASING = (
    (stages.SESSIONS, t.INBOUND),
    (stages.CREDITS, t.CLAIMS_REQUESTED),
    (stages.GROUPS, t.GROUPS_REQUESTED),
)
"""The folds that release what is a person's, and where each is asked."""


def main() -> int:
    """Blocks until SIGTERM."""
    settings = Settings()
    process = lifecycle.begin(settings, stages.ERASURE)
    process.waits_for("ClickHouse")
    warehouse = retry_transient(lambda: Warehouse(settings))
    publisher = StagePublisher(KafkaPublisher(settings.kafka), stages.ERASURE)
    offsets = AskedOffsets(settings.kafka)
    sink = GroupOffsets(offsets, stages.SINK.group, DECIDE)
    folds = [GroupOffsets(offsets, fold.group, [asked]) for fold, asked in RELEASING]
    step = Erasure(
        S3BlobStore(settings),
        warehouse,
        unix_ms,
        sink,
        folds,
        partial(publish_events, publisher),
        ErasureRecord(settings.erasures_dir),
    )
    return serve(process, step)


if __name__ == "__main__":
    sys.exit(main())

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
from schemas.erasure import TOPICS, OnLog

OF_PEOPLE = tuple(
    topic for topic in stages.SINK.reads if TOPICS[topic.name].person is not OnLog.NOTHING
)
"""Topics with ids of people: the sink must have passed them before rows are deleted.

A row that it wrote later would stay until the next look for what came back.
"""
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
    sink = GroupOffsets(offsets, stages.SINK.group, OF_PEOPLE)
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

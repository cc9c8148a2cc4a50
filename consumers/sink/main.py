"""`python -m consumers.sink.main`."""

import gc
import sys

from adapters.kafka.asked_offsets import AskedOffsets
from adapters.kafka.offsets import GroupOffsets
from adapters.process import lifecycle
from adapters.process.clock import unix_ms
from adapters.process.retry import retry_transient
from adapters.settings import Settings
from adapters.warehouse import Warehouse
from consumers.runtime.process import serve
from consumers.sink.freshness import Freshness
from consumers.sink.step import Sink
from schemas import stages

GC_EVERY = (200_000, 20, 20)
"""Objects until a collection. A batch is hundreds of thousands of rows that all live until they are
written; collections that look through them again and again halve the speed."""


def main() -> int:
    """Blocks until SIGTERM."""
    settings = Settings()
    process = lifecycle.begin(settings, stages.SINK)
    gc.set_threshold(*GC_EVERY)
    process.waits_for("ClickHouse")
    warehouse = retry_transient(lambda: Warehouse(settings))
    progress = GroupOffsets(AskedOffsets(settings.kafka), stages.SINK.group, stages.SINK.reads)
    Freshness(progress, warehouse, unix_ms).start()
    return serve(process, Sink(warehouse, unix_ms))


if __name__ == "__main__":
    sys.exit(main())

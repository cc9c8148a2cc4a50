"""`python -m consumers.sink.main`."""

import gc
import sys

from adapters.process.clock import unix_ms
from adapters.process.retry import retry_transient
from adapters.settings import Settings
from adapters.warehouse import Warehouse
from consumers.runtime.process import serve
from consumers.sink.step import Sink
from schemas import stages

GC_EVERY = (200_000, 20, 20)
"""Objects until a collection. A batch is hundreds of thousands of rows that all live until they are
written; collections that look through them again and again halve the speed."""


def main() -> int:
    """Blocks until SIGTERM."""
    settings = Settings()
    gc.set_threshold(*GC_EVERY)
    warehouse = retry_transient(lambda: Warehouse(settings))
    return serve(settings, Sink(warehouse, unix_ms), stages.SINK)


if __name__ == "__main__":
    sys.exit(main())

"""`python -m consumers.sink.main`."""

import gc
import sys

from adapters.process.clock import unix_ms
from adapters.process.retry import retry_transient
from adapters.settings import Settings
from adapters.warehouse import Warehouse
from consumers.runtime.process import serve
from consumers.sink.step import Sink
from schemas import topics as t

GC_EVERY = (200_000, 20, 20)
"""A batch is hundreds of thousands of rows that all live until they are written: looking through them again and again halves the speed."""


def main() -> int:
    """Blocks until SIGTERM."""
    settings = Settings()
    gc.set_threshold(*GC_EVERY)
    warehouse = retry_transient(lambda: Warehouse(settings))
    sessions = [
        t.DIRECTORY,
        t.DECIDED,
        t.PROVISIONAL,
        t.TRANSCRIBED,
        t.VOICED,
        t.IDENTIFIED,
        t.ATTRIBUTED,
        t.COUNTED,
        t.CREDITED,
        t.CLAIMS_DECIDED,
    ]
    sunk = [*sessions, t.GROUPS_DIRECTORY, t.GROUPS_DECIDED, t.USERS_DIRECTORY, t.USERS_DECIDED]
    return serve(settings, Sink(warehouse, unix_ms), sunk)


if __name__ == "__main__":
    sys.exit(main())

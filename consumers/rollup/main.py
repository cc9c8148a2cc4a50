"""`python -m consumers.rollup.main`."""

import sys

from adapters.process import lifecycle
from adapters.process.clock import unix_ms
from adapters.process.retry import retry_transient
from adapters.settings import Settings
from adapters.warehouse import Warehouse
from consumers.rollup.cohorts import Cohorts
from consumers.rollup.step import Rollup
from consumers.runtime.process import serve
from schemas import stages


def main() -> int:
    """Blocks until SIGTERM."""
    settings = Settings()
    process = lifecycle.begin(settings, stages.ROLLUP)
    process.waits_for("ClickHouse")
    warehouse = retry_transient(lambda: Warehouse(settings))
    return serve(
        process,
        Rollup(warehouse, Cohorts(warehouse, unix_ms, settings.time_zone)),
    )


if __name__ == "__main__":
    sys.exit(main())

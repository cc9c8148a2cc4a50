"""A ClickHouse server of a benchmark's own, so that the data of a stack is not touched."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.settings import Settings
from adapters.warehouse import Warehouse
from deploy.devstack.chdb_server.process import served
from deploy.prepare import credentials
from deploy.prepare.tables import migrate

PORT_BASE = 24_400


@contextmanager
def own_warehouse() -> Iterator[tuple[Settings, Warehouse]]:
    """Yield its settings and a client, with the product's tables. Removed at the end."""
    with tempfile.TemporaryDirectory(prefix="lahstats-warehouse-") as folder:
        credentials.ensure(Path(folder))
        settings = Settings(data_dir=Path(folder), port_base=PORT_BASE)
        with served(settings):
            warehouse = Warehouse(settings)
            migrate(warehouse)
            yield settings, warehouse
            warehouse.close()

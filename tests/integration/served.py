"""The ClickHouse server of the local stack in a process of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import clickhouse_connect
from clickhouse_connect.driver.client import Client

from adapters.objects.lexicons import shipped_lexicon
from adapters.settings import Settings
from adapters.warehouse import Warehouse
from deploy.devstack.chdb_server.process import start
from deploy.devstack.free_ports import free_port_base
from deploy.prepare import credentials
from deploy.prepare.tables import load_lexicon, migrate


@contextmanager
def filled(folder: Path) -> Iterator[Warehouse]:
    """A server of its own with the product's tables and lexicon; stopped at the end."""
    with filled_by(Served(folder)) as (_, warehouse):
        yield warehouse


@contextmanager
def filled_by(served: "Served") -> Iterator[tuple["Served", Warehouse]]:
    """The same, with the server."""
    warehouse = Warehouse(served.settings)
    migrate(warehouse)
    load_lexicon(warehouse, shipped_lexicon())
    try:
        yield served, warehouse
    finally:
        warehouse.close()
        served.process.terminate()
        served.process.wait()


class Served:
    """One server process over one directory."""

    def __init__(self, folder: Path) -> None:
        credentials.ensure(folder)
        self.settings = Settings(data_dir=folder, port_base=free_port_base())
        self.start()

    def start(self) -> None:
        """Blocks until it answers."""
        self.process = start(self.settings)

    def client(self, **options: Any) -> Client:
        """A bare client of the library."""
        return clickhouse_connect.get_client(**self.address(), **options)

    def address(self) -> dict[str, Any]:
        """Settings that every client needs."""
        return {
            "host": self.settings.host,
            "port": self.settings.port("clickhouse"),
            "username": self.settings.clickhouse_user,
            "password": self.settings.clickhouse_password.get_secret_value(),
            "autogenerate_session_id": False,
        }

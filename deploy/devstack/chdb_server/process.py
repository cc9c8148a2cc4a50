"""The ClickHouse server as a process of its own, for those who need it without the rest."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from adapters.settings import Settings
from adapters.warehouse import Warehouse
from deploy.prepare import credentials
from deploy.prepare.tables import migrate
from deploy.waiting import listens, until

START_TIMEOUT_S = 120.0
PORT_BASE = 24_400


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the variables by which a process uses the same data and ports."""
    return {
        "LAHSTATS_DATA_DIR": str(settings.data_dir),
        "LAHSTATS_PORT_BASE": str(settings.port_base),
    }


def started(
    settings: Settings, server: str, module: str, **environment: str
) -> subprocess.Popen[bytes]:
    """Start a module. Blocks until it listens on its port; raises TimeoutError, and stops it then.

    `server`: the name of its port.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        env=os.environ | environment_of(settings) | environment,
    )
    complaint = f"{server} did not answer within {START_TIMEOUT_S:.0f} s"
    port = settings.port(server)
    try:
        until(lambda: listens(settings.host, port), bool, START_TIMEOUT_S, complaint=complaint)
    except TimeoutError:
        process.terminate()
        raise
    return process


def start(settings: Settings) -> subprocess.Popen[bytes]:
    """Start the server. Blocks until it answers; raises TimeoutError, and stops it then."""
    process = started(settings, "clickhouse", "deploy.devstack.chdb_server.main")
    Warehouse(settings).close()
    return process


@contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Stop a process at the end."""
    try:
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def fresh_warehouse(port_base: int = PORT_BASE) -> Iterator[tuple[Settings, Warehouse]]:
    """Yield the settings of a server with the product's tables, and a client. Blocking, seconds.

    It is a server of its own: the data of a stack is not touched. Its data is removed at the end.
    """
    with tempfile.TemporaryDirectory(prefix="lahstats-warehouse-") as folder:
        credentials.ensure(Path(folder))
        settings = Settings(data_dir=Path(folder), port_base=port_base)
        with ended(start(settings)), closing(Warehouse(settings)) as warehouse:
            migrate(warehouse)
            yield settings, warehouse

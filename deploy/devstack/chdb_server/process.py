"""The ClickHouse server as a process of its own, for those who need it without the rest."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from adapters.settings import Settings
from adapters.warehouse import Warehouse
from deploy.listening import listens
from deploy.waiting import until

START_TIMEOUT_S = 120.0


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the variables by which a process uses the same data and ports."""
    return {
        "LAHSTATS_DATA_DIR": str(settings.data_dir),
        "LAHSTATS_PORT_BASE": str(settings.port_base),
    }


def start(settings: Settings) -> subprocess.Popen[bytes]:
    """Start the server. Blocks until it answers; raises TimeoutError, and stops it then."""
    process = subprocess.Popen(
        [sys.executable, "-m", "deploy.devstack.chdb_server.main"],
        env={**os.environ, **environment_of(settings)},
    )
    complaint = f"the ClickHouse server did not answer within {START_TIMEOUT_S:.0f} s"
    port = settings.port("clickhouse")
    try:
        until(lambda: listens(settings.host, port), bool, START_TIMEOUT_S, complaint=complaint)
    except TimeoutError:
        process.terminate()
        raise
    Warehouse(settings).close()
    return process


@contextmanager
def served(settings: Settings) -> Iterator[None]:
    """Run the server for a while, and stop it at the end."""
    process = start(settings)
    try:
        yield
    finally:
        process.terminate()
        process.wait()

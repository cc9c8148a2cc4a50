"""The ClickHouse server as a process of its own, for those who need it without the rest of the stack."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from adapters.settings import Settings
from adapters.warehouse import Warehouse

AWAIT_S = 30.0


def environment_of(settings: Settings) -> dict[str, str]:
    """What a process needs to find the same data and ports."""
    return {
        "LAHSTATS_DATA_DIR": str(settings.data_dir),
        "LAHSTATS_PORT_BASE": str(settings.port_base),
    }


def start(settings: Settings) -> subprocess.Popen[bytes]:
    """Blocks until it answers; TimeoutError when it does not within half a minute."""
    process = subprocess.Popen(
        [sys.executable, "-m", "deploy.devstack.chdb_server.main"],
        env={**os.environ, **environment_of(settings)},
    )
    deadline = time.monotonic() + AWAIT_S
    while time.monotonic() < deadline:
        if _listens(settings):
            Warehouse(settings).close()
            return process
        time.sleep(0.05)
    process.terminate()
    raise TimeoutError(f"the ClickHouse server did not answer within {AWAIT_S:.0f} s")


def _listens(settings: Settings) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((settings.host, settings.port("clickhouse"))) == 0


@contextmanager
def served(settings: Settings) -> Iterator[None]:
    """Up for a while, and stopped at the end."""
    process = start(settings)
    try:
        yield
    finally:
        process.terminate()
        process.wait()

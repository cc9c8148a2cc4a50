"""Bringing processes up: who does not come up is accounted for. Under a real supervisor."""

import socket
import sys
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from adapters.settings import Settings
from deploy.devstack.bring_up import BringUp
from deploy.devstack.free_ports import free_port_base
from deploy.devstack.obstacles import StackError
from deploy.devstack.processes import Process
from deploy.devstack.supervision import Supervisor
from deploy.prepare.main import PREPARATIONS, Preparation
from schemas.stage_kinds import Need

SLEEPS = [sys.executable, "-uc", "import time; print('reading a map'); time.sleep(60)"]
DIES = [sys.executable, "-c", "raise SystemExit('no map')"]


@pytest.fixture
def probe() -> Iterator[str]:
    """A URL that answers 200."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base names it
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/readyz"
    server.shutdown()
    server.server_close()


def silent_url() -> str:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{unused.getsockname()[1]}/readyz"


def test_who_does_not_come_up_is_accounted_for(tmp_path: Path, probe: str) -> None:
    processes = [
        Process("well", SLEEPS, probe),
        Process("mute", SLEEPS, silent_url()),
        Process("dead", DIES, silent_url()),
        Process("needy", SLEEPS, probe, needs=frozenset({Need.KAFKA})),
    ]
    supervisor = Supervisor(tmp_path)
    supervisor.launch(processes)
    came: list[str] = []
    try:
        attempt = BringUp(Settings(data_dir=tmp_path), supervisor, patience_s=2)
        with pytest.raises(StackError) as failure:
            came.extend(attempt.run(processes))
    finally:
        supervisor.shutdown()
    account = str(failure.value)
    assert came == ["well"]
    assert "mute: starting (" in account
    assert "nobody listens on 127.0.0.1:" in account
    assert "--- mute\nreading a map" in account
    assert "dead: " in account
    assert "--- dead\nno map" in account
    assert "needy: not started, it needs Kafka" in account
    assert "--- needy" not in account


def test_a_server_that_cannot_be_prepared_is_named(tmp_path: Path, probe: str) -> None:
    """Before, the error of its client ended `lahstats up` in a traceback."""
    process = Process("clickhouse", SLEEPS, probe, serves=Need.WAREHOUSE)
    supervisor = Supervisor(tmp_path)
    supervisor.launch([process])
    settings = Settings(data_dir=tmp_path, port_base=free_port_base())
    try:
        with pytest.raises(
            StackError, match=r"^tables cannot be made ready: .*`lahstats logs NAME`"
        ):
            list(BringUp(settings, supervisor, patience_s=60).run([process]))
    finally:
        supervisor.shutdown()


def test_all_is_prepared_that_servers_of_others_are(tmp_path: Path, probe: str) -> None:
    """Before, groups kept the common words of the release on which they had set their own."""
    made: list[str] = []

    def make(what: str, _: Settings) -> None:
        made.append(what)

    recorded = [Preparation(one.made, partial(make, one.made), one.server) for one in PREPARATIONS]
    servers = {Need.KAFKA, Need.OBJECTS, Need.WAREHOUSE}
    processes = [Process(one.name, SLEEPS, probe, serves=one) for one in servers]
    supervisor = Supervisor(tmp_path)
    supervisor.launch(processes)
    try:
        attempt = BringUp(Settings(data_dir=tmp_path), supervisor, preparations=recorded)
        told = set(attempt.run(processes))
    finally:
        supervisor.shutdown()
    assert sorted(made) == sorted(one.made for one in PREPARATIONS)
    assert made[-1] == "words of groups"
    assert told == {one.name for one in servers} | set(made)

"""The read side and its ClickHouse server in processes of their own; there is no object store."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import httpx

from adapters.http.signing import sign_user
from adapters.settings import Settings
from adapters.warehouse import Warehouse
from deploy.devstack.chdb_server.process import environment_of
from deploy.uuid7 import new_session_id
from deploy.waiting import until
from schemas import stages
from schemas.session_events import State
from tests.integration.served import Served, filled_by
from tests.reference.telling import put


class Reading:
    """The read side over one ClickHouse server."""

    def __init__(self, served: Served, warehouse: Warehouse, folder: Path) -> None:
        self.settings: Settings = served.settings
        self.warehouse = warehouse
        self.log = folder / "api.log"
        self._served = served
        self._versions: dict[str, int] = {}
        self.start()

    def start(self) -> None:
        """Start the api. Blocks until it is ready."""
        health = self.settings.port_base + stages.API.health_port
        environment = {
            **os.environ,
            **environment_of(self.settings),
            "LAHSTATS_HEALTH_PORT": str(health),
        }
        self.health_url = f"http://{self.settings.host}:{health}"
        with self.log.open("ab") as log:
            self.api = subprocess.Popen(
                [sys.executable, "-m", "api.main"], env=environment, stderr=log, stdout=log
            )
        until(self._is_ready, bool, 60)

    def _is_ready(self) -> bool:
        try:
            return self.get_health("/readyz").status_code == 200
        except httpx.TransportError:
            return False

    def get_health(self, path: str) -> httpx.Response:
        """An answer of the health port."""
        return httpx.get(self.health_url + path, timeout=60)

    def client(self, user: str = "", timeout_s: float = 30) -> httpx.Client:
        """A client of the api; without a token when nobody is named."""
        headers = {}
        if user:
            headers["Authorization"] = f"Bearer {sign_user(self.settings, user, 3600)}"
        return httpx.Client(base_url=self.settings.url("api"), headers=headers, timeout=timeout_s)

    def session(self, owner: str) -> str:
        """A session of theirs that goes on; its id."""
        session_id = new_session_id()
        self.tell(session_id, owner, State.RECORDING)
        return session_id

    def tell(self, session_id: str, owner: str, state: State) -> None:
        """Write the session's newest row, as the sink does."""
        self._versions[session_id] = self._versions.get(session_id, 0) + 1
        row = {
            "session_id": session_id,
            "owner": owner,
            "group_id": "",
            "state": state.value,
            "generation": 0,
            "recorded_at": datetime(2026, 11, 24, 12, tzinfo=UTC),
            "time_zone": "Asia/Singapore",
            "audio_ms": 1000 * self._versions[session_id],
            "version": self._versions[session_id],
        }
        put(self.warehouse, "sessions", row)

    @contextmanager
    def hung(self) -> Iterator[None]:
        """ClickHouse takes connections and answers nothing, for the length of the block."""
        self._served.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._served.process.send_signal(signal.SIGCONT)

    @contextmanager
    def away(self) -> Iterator[None]:
        """ClickHouse is killed, and started again at the end of the block."""
        self._served.process.kill()
        self._served.process.wait()
        try:
            yield
        finally:
            self._served.start()


@contextmanager
def reading(folder: Path) -> Iterator[Reading]:
    """Both processes with the product's tables. Blocking; they are gone at the end."""
    with filled_by(Served(folder)) as (served, warehouse):
        up = Reading(served, warehouse, folder)
        try:
            yield up
        finally:
            up.api.kill()
            up.api.wait()


class Stream:
    """One open event stream, read by a thread of its own. `events`: name and data, as they came."""

    def __init__(self, up: Reading, user: str, session_id: str) -> None:
        self.events: list[tuple[str, str]] = []
        self._client = up.client(user, timeout_s=60)
        self._path = f"/v1/sessions/{session_id}/events"
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        name = ""
        # A test that has seen enough closes the client under this thread.
        closed = contextlib.suppress(httpx.TransportError, httpx.StreamError)
        with closed, self._client.stream("GET", self._path) as answer:
            for line in answer.iter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    self.events.append((name, line.removeprefix("data: ")))

    def names(self) -> list[str]:
        """The names of the events so far."""
        return [name for name, _ in self.events]

    def saw(self, *names: str, timeout_s: float = 60) -> None:
        """Block until these events came, and no others."""
        until(self.names, lambda found: found == list(names), timeout_s)

    def began(self) -> None:
        """Block until the session was told."""
        until(self.names, lambda found: found[:1] == ["session"])

    def ended(self, timeout_s: float = 60) -> list[str]:
        """The names of all events, once the server has ended the stream."""
        self._thread.join(timeout_s)
        assert not self._thread.is_alive(), self.events
        return self.names()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

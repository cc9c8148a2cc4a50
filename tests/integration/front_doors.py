"""Front doors on loopback: nginx, and the two sides behind it, which say what reached them."""

import http.client
import json
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Semaphore, Thread

from adapters.settings import Settings
from deploy.devstack import front
from deploy.devstack.free_ports import free_port_base
from deploy.front_door.nginx import Door as Shipped
from deploy.front_door.nginx import Listen, configuration
from deploy.waiting import listens, until
from schemas.limits import REQUESTS_OF_ADDRESS

SESSION = "0192f3c4-5b6a-7c8d-9e0f-112233445566"
HANGS_UP = "/v1/users/me/hangs-up"
"""A side ends the connection when a second request comes on it."""
SIGNED_IN = "/auth/signed-in"
TOKEN = "x" * 6_000
"""As much as some providers give, sealed for a cookie."""
CHUNK = f"/v1/sessions/{SESSION}/chunks/0"
EVENTS = f"/v1/sessions/{SESSION}/events"
SLOW_CHUNK = f"/v1/sessions/{SESSION}/chunks/1"
CLIP = "/store/lahstats/clips/a/000001-S1-0.opus?X-Amz-Signature=1"
PIECE = 100_000
"""Bytes of an upload that are sent at once."""
EVENTS_TOLD = 3
PATIENCE_S = 60


@dataclass
class Seen:
    """One request as a side got it, and the parts of its body as they came."""

    side: str
    method: str
    path: str
    headers: Mapping[str, str]
    peer: str
    parts: list[bytes] = field(default_factory=list)


class Side(ThreadingHTTPServer):
    """Stands for one side: answers its name, and each event when the door's test wants it."""

    daemon_threads = True

    def __init__(self, name: str, port: int, door: "Door") -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.name = name
        self.seen = door.seen
        self.wanted = door.wanted
        Thread(target=self.serve_forever, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    is_used = False

    def log_message(self, *_: object) -> None: ...

    def _any(self) -> None:
        assert isinstance(self.server, Side)
        seen = Seen(
            self.server.name, self.command, self.path, dict(self.headers), self.client_address[0]
        )
        self.server.seen.append(seen)
        self._take(seen)
        if self.path == HANGS_UP and self.is_used:
            self.close_connection = True
            return
        self.is_used = True
        if self.path == EVENTS:
            self._tell()
            return
        body = json.dumps({"side": seen.side, "filler": "lah " * 500}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if self.path == SIGNED_IN:
            self.send_header("Set-Cookie", f"lah-kept={TOKEN}")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _take(self, seen: Seen) -> None:
        left = int(self.headers.get("Content-Length") or 0)
        while left and (part := self.rfile.read1(left)):
            seen.parts.append(part)
            left -= len(part)
        while self.headers.get("Transfer-Encoding") and (size := int(self.rfile.readline(), 16)):
            seen.parts.append(self.rfile.read(size))
            self.rfile.readline()

    def _tell(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        assert isinstance(self.server, Side)
        for n in range(EVENTS_TOLD):
            self.server.wanted.acquire(timeout=PATIENCE_S)
            self.wfile.write(f"data: {n}\n\n".encode())
            self.wfile.flush()
        self.close_connection = True

    do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = _any  # noqa: N815


@dataclass
class Door:
    """nginx, all that reached the sides, and the events that they may tell."""

    settings: Settings
    seen: list[Seen] = field(default_factory=list)
    wanted: Semaphore = field(default_factory=lambda: Semaphore(0))

    def connection(self) -> http.client.HTTPConnection:
        port = self.settings.port("front")
        return http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = self.connection()
        connection.request(method, path, body or None, dict(headers or {}))
        answer = connection.getresponse()
        return answer, answer.read()


@contextmanager
def door_alone(folder: Path) -> Iterator[Door]:
    """The front door with nobody behind it."""
    # Loopback stands for the local network: a test may have no other.
    settings = Settings(data_dir=folder, port_base=free_port_base(), phone_address="127.0.0.1")
    front.write(settings)
    with running_nginx(front.file(settings), settings.port("front")):
        yield Door(settings)


@contextmanager
def door_before_sides(folder: Path) -> Iterator[Door]:
    """The front door with both sides and the store behind it."""
    with door_alone(folder) as found:
        names = ("api", "gateway", "s3")
        sides = [Side(name, found.settings.port(name), found) for name in names]
        yield found
        for side in sides:
            side.shutdown()
            side.server_close()


@contextmanager
def running_nginx(config: Path, port: int) -> Iterator[None]:
    """It runs while the block does. Blocks until it listens."""
    process = subprocess.Popen([str(front.nginx()), "-c", str(config), "-e", "stderr"])
    try:
        until(lambda: listens("127.0.0.1", port), bool, PATIENCE_S)
        yield
    finally:
        process.terminate()
        process.wait()


def send_quietly(client: socket.socket, data: bytes) -> None:
    """The door may have closed before all of it was sent."""
    try:
        client.sendall(data)
    except OSError:
        return


def all_of(client: socket.socket) -> bytes:
    said = b""
    try:
        while part := client.recv(65536):
            said += part
    except ConnectionResetError:
        pass
    return said


@contextmanager
def strict_door(folder: Path) -> Iterator[int]:
    """The port of a front door that lets a client ask twice, and believes X-Forwarded-For."""
    port = free_port_base()
    nobody = f"127.0.0.1:{port + 1}"
    shipped = Shipped(
        listens=(Listen(f"127.0.0.1:{port}"),),
        api=nobody,
        gateway=nobody,
        store=nobody,
        store_host=nobody,
        bucket="lahstats",
        folder=str(folder),
        trusted=("127.0.0.1",),
        globals_=("daemon off;",),
    )
    text = configuration(shipped)
    for limit, strict in (
        (f"rate={REQUESTS_OF_ADDRESS.a_minute}r/m", "rate=1r/m"),
        (f"burst={REQUESTS_OF_ADDRESS.burst}", "burst=1"),
    ):
        assert limit in text
        text = text.replace(limit, strict)
    config = folder / "nginx.conf"
    config.write_text(text)
    with running_nginx(config, port):
        yield port

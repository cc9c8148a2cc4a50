"""Both HTTP sides on real sockets, over fakes, for requests that no client library sends."""

import asyncio
import itertools
import json
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from threading import Thread
from typing import Any, cast

from fastapi import FastAPI

from adapters.http import rates
from adapters.http.rates import Rates
from adapters.http.server import Server
from adapters.http.tokens import UserTokens
from api.app import build as build_api
from api.dependencies import provide as provide_api
from api.main import services
from producers.gateway.app import build as build_gateway
from producers.gateway.dependencies import provide as provide_gateway
from tests.documents import documents, operations
from tests.read_side import EveryoneIsMei
from tests.unit.test_pages_for_people import View
from tests.unit.test_write_side_doors import PARTS, WHO, side
from tests.write_side import FLAC, chunk_headers

PATIENCE_S = 60
SECRET = {"request_id": PARTS["session_id"], "secret": "a" * 26}
QUESTIONS = {"text": "lah", "q": "mei", "session_ids": f"{PARTS['session_id']},{PARTS['group_id']}"}
"""Values of the parameters that a route cannot do without."""
OF_PHONES = ("/chunks", "/chunks/{seq}", "/complete")
"""Routes that take upload tokens."""


@dataclass(frozen=True)
class Route:
    """A route of a document, and a request that is well made."""

    side: str
    method: str
    path: str
    operation: Mapping[str, Any] = field(compare=False)

    def __str__(self) -> str:
        return f"{self.side} {self.method} {self.path}"

    def parameters(self, place: str) -> dict[str, Any]:
        """The schemas of its parameters of the path, the query or the head, by their names."""
        found = (one for one in self.operation.get("parameters", ()) if one["in"] == place)
        return {one["name"]: one["schema"] for one in found}

    def target(self, *extra: str, without: str = "", **parts: str) -> str:
        """Its address with the parameters that it needs, and `extra` ones."""
        asked = [
            f"{one['name']}={QUESTIONS[one['name']]}"
            for one in self.operation.get("parameters", ())
            if one["in"] == "query" and one.get("required") and one["name"] != without
        ]
        query = "&".join([*asked, *extra])
        path = self.path.format(**{**PARTS, **SECRET, **parts})
        return f"{path}?{query}" if query else path

    def body(self) -> Any:
        """The fields of its JSON body; None where it takes none."""
        return WHO.get((self.method, self.path), (None, None))[1]


ROUTES = [
    Route(name, *operation)
    for name, document in documents().items()
    for operation in operations(document)
]


@dataclass(frozen=True)
class Answer:
    """All that came until the connection ended."""

    raw: bytes

    @property
    def head(self) -> str:
        return self.raw.rpartition(b"HTTP/1.1 ")[2].partition(b"\r\n\r\n")[0].decode()

    @property
    def status(self) -> int:
        return int(self.head[:3] or 0)

    def fields(self) -> dict[str, str]:
        lines = [line.partition(": ") for line in self.head.split("\r\n")[1:]]
        return {name.lower(): value for name, _, value in lines}

    def problem(self) -> dict[str, Any]:
        """The problem, which says what to do."""
        assert self.fields()["content-type"] == "application/problem+json", self.raw
        told: dict[str, Any] = json.loads(self.raw.rpartition(b"\r\n\r\n")[2])
        assert told["status"] == self.status
        assert told["type"]
        assert told["detail"], told
        assert "Value error" not in told["detail"], "words of a library"
        return told


@dataclass
class Sides:
    """The ports of both sides, and an upload token of the session that the gateway knows."""

    ports: dict[str, int]
    gateway: FastAPI
    token: str = ""

    def begin(self) -> None:
        """Nothing was asked yet: groups, sessions and voices are as they were at first."""
        write_side = side()
        self.token = write_side.upload_token()
        provide_gateway(self.gateway, write_side.services)

    def head(self, route: Route) -> list[tuple[str, str]]:
        """Fields that are good for the route."""
        of_phone = route.side == "gateway" and route.path.endswith(OF_PHONES)
        token = self.token if of_phone else "owner"
        given = {"Host": "x", "Authorization": f"Bearer {token}", "Connection": "close"}
        if route.path.endswith("/chunks/{seq}"):
            given |= chunk_headers(token)
        elif route.body() is not None:
            given["Content-Type"] = "application/json"
        return list(given.items())

    def content(self, route: Route) -> bytes:
        """A body that is good for the route."""
        if route.path.endswith("/chunks/{seq}"):
            return FLAC
        return b"" if route.body() is None else json.dumps(route.body()).encode()

    def ask(
        self,
        route: Route,
        target: str = "",
        *,
        method: str = "",
        more: tuple[tuple[str, str], ...] = (),
        content: bytes | None = None,
        length: str | None = None,
        ends: bool = False,
    ) -> Answer:
        """Ask by a request that is good but for what is given. `ends`: the client says no more."""
        sent = self.content(route) if content is None else content
        length = str(len(sent)) if length is None else length
        lines = [f"{method or route.method} {target or route.target()} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in (*self.head(route), *more)]
        if length and (sent or length != "0"):
            lines.append(f"Content-Length: {length}")
        return self.answer(route, "\r\n".join([*lines, "", ""]).encode("latin-1") + sent, ends)

    def answer(self, route: Route, raw: bytes, ends: bool = False) -> Answer:
        """Say these bytes, and take all that comes."""
        address = ("127.0.0.1", self.ports[route.side])
        found = b""
        with socket.create_connection(address, PATIENCE_S) as client:
            client.sendall(raw)
            if ends:
                client.shutdown(socket.SHUT_WR)
            while part := client.recv(65_536):
                found += part
        return Answer(found)


@contextmanager
def served_sides() -> Iterator[Sides]:
    """Both, for the length of the block. The warehouse is away: to ask it is answered 503."""
    gateway = build_gateway()
    gateway.state.rates = unhurried()
    with _listening(gateway) as gateway_port, _listening(_api()) as api_port:
        yield Sides({"gateway": gateway_port, "api": api_port}, gateway)


def _api() -> FastAPI:
    unused: Any = None
    app = build_api()
    app.state.rates = unhurried()
    tokens = cast(UserTokens, EveryoneIsMei())
    made = services(View(None), unused, tokens, unused, lambda: date(2026, 11, 24), unused)
    provide_api(app, made)
    return app


def unhurried() -> rates.Rates:
    """A minute passes between two requests."""
    minutes = itertools.count(0, 60)
    return Rates(lambda: float(next(minutes)))


@contextmanager
def _listening(app: FastAPI) -> Iterator[int]:
    server = Server(app, "127.0.0.1", 0)
    thread = Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()

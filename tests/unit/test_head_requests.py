"""HEAD is answered as GET is, by both sides: the same status and fields, and nothing more."""

import asyncio
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import pytest
from fastapi import FastAPI
from starlette.types import Message

from adapters.http.problems import not_found
from adapters.http.tokens import UserTokens
from api.app import build
from api.dependencies import provide
from api.main import services
from api.pages.files import FILES
from api.sessions.listeners import Listener
from api.sessions.models import SessionAnswer
from api.signing_in.routes import CHANGING
from schemas.ids import SessionId, UserId
from tests.documents import routes
from tests.followed_streams import GOING
from tests.read_side import EVENTS, Caller, EveryoneIsMei, Failing
from tests.unit.test_pages_for_people import View
from tests.write_side import SESSION, WriteSide


def read_side() -> FastAPI:
    """All of it over a warehouse that is away. Everybody is Mei."""
    unused: Any = None
    tokens = cast(UserTokens, EveryoneIsMei())
    app = build()
    made = services(View(None), unused, tokens, unused, lambda: date(2026, 11, 24), unused)
    provide(app, made)
    return app


@dataclass
class Answered:
    """All that the server is given to send."""

    status: int
    headers: dict[str, str]
    body: bytes


def asked(app: FastAPI, method: str, path: str) -> Answered:
    """The answer to one request. It ends by itself."""
    sent: list[Message] = []
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"api"), (b"accept", b"text/html")],
        "client": ("127.0.0.1", 1),
        "server": ("api", 80),
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    async def ask() -> None:
        async with asyncio.timeout(10):
            await app(scope, receive, send)

    asyncio.run(ask())
    start, *bodies = sent
    assert not bodies[-1].get("more_body", False)
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    body = b"".join(message.get("body", b"") for message in bodies)
    return Answered(start["status"], headers, body)


def test_a_page_and_its_files_are_there_without_their_bytes() -> None:
    app = Caller().app
    for path in FILES:
        whole = asked(app, "GET", path)
        head = asked(app, "HEAD", path)
        assert whole.body
        assert (head.status, head.headers, head.body) == (200, whole.headers, b""), path


def read(app: FastAPI) -> list[str]:
    """The paths that may be asked by GET, with something in the place of their parts."""
    paths = {path for method, path in routes(app.openapi()) if method == "GET"}
    return sorted(path.replace("{", "").replace("}", "") for path in paths)


@pytest.mark.parametrize(
    "app", [read_side(), WriteSide().client.app], ids=["read side", "write side"]
)
def test_every_route_that_takes_get_takes_head(app: FastAPI) -> None:
    for path in read(app):
        whole = asked(app, "GET", path)
        head = asked(app, "HEAD", path)
        assert (head.status, head.body) == (whole.status, b""), path
        assert head.headers.keys() == whole.headers.keys(), path


def test_a_path_that_takes_no_get_takes_no_head() -> None:
    answer = asked(WriteSide().client.app, "HEAD", f"/v1/sessions/{SESSION}/complete")
    assert (answer.status, answer.headers["allow"], answer.body) == (405, "POST", b"")


def test_a_refusal_names_head_beside_get() -> None:
    assert asked(Caller().app, "PUT", "/wrapped").headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", CHANGING)
def test_coming_back_from_the_provider_takes_no_head(path: str) -> None:
    """Its code is good once: who looks whether the address is there must not use it up."""
    answer = asked(Caller(signing_in=Failing(not_found())).app, "HEAD", path)
    assert (answer.status, answer.headers["allow"]) == (405, "GET")


class OneSession:
    """A session that goes on."""

    def session(self, session_id: SessionId, user: UserId) -> SessionAnswer:
        return GOING


class Watched:
    """Notes who joined: the oldest stream of somebody who has too many ends for it."""

    def __init__(self) -> None:
        self.joins: list[UserId] = []

    @asynccontextmanager
    async def joined(self, session_id: SessionId, user: UserId) -> AsyncIterator[Listener]:
        self.joins.append(user)
        yield Listener(session_id, user)


def test_no_event_stream_is_opened() -> None:
    watched = Watched()
    answer = asked(Caller(sessions=OneSession(), watching=watched).app, "HEAD", EVENTS)
    assert (answer.status, answer.body, watched.joins) == (200, b"", [])
    assert answer.headers["content-type"].startswith("text/event-stream")


class Recordings:
    """Everything of a person, and what was read of it."""

    def __init__(self) -> None:
        self.read: list[bytes] = []

    def file(self, user: UserId) -> Generator[bytes]:
        for piece in (b"first", b"second"):
            self.read.append(piece)
            yield piece


def test_no_recording_is_read() -> None:
    recordings = Recordings()
    answer = asked(Caller(my_data=recordings).app, "HEAD", "/v1/users/me/data")
    assert (answer.status, answer.body, recordings.read) == (200, b"", [])
    assert answer.headers["content-type"] == "application/zip"

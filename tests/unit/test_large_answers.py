"""Answers that are taken slowly are in memory: a caller has a few large ones on their way."""

import asyncio
from typing import Any

import pytest
from starlette.types import Message

from api import large_answers
from api.date_range import DateRange
from api.etags import etag_of
from api.large_answers import MOST_LARGE_OF_CALLER, PIECE
from api.pages.files import FILES
from api.wrapped.cache import EncodedWrapped
from schemas.ids import UserId
from tests.read_side import Caller
from tests.unit.test_share_card import EXAMPLE

PATH = "/v1/users/me/wrapped"
SAMPLE = "/site/sample.ogg"
"""The largest of the files."""


class OfSize:
    """A Wrapped of so many bytes, all of them different from their neighbours."""

    def __init__(self, size: int) -> None:
        self.body = (bytes(range(251)) * (size // 251 + 1))[:size]

    def wrapped(self, user: UserId, period: str, days: DateRange) -> EncodedWrapped:
        return EncodedWrapped(self.body, etag_of(self.body), EXAMPLE)


class Reader:
    """Takes the head of an answer, and its body once it is let go."""

    def __init__(self, let_go: asyncio.Event) -> None:
        self._let_go = let_go
        self.begun = asyncio.Event()
        self.status = 0
        self.body = b""

    async def receive(self) -> Message:
        return {"type": "http.request", "body": b""}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.begun.set()
            return
        await self._let_go.wait()
        self.body += message["body"]
        assert len(message["body"]) <= PIECE

    async def ask(self, app: Any, path: str) -> None:
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "query_string": b"",
            "headers": [(b"host", b"api")],
            "client": ("127.0.0.1", 1),
            "server": ("api", 80),
        }
        await app(scope, self.receive, self.send)


@pytest.mark.parametrize("size", [0, 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 1])
def test_an_answer_of_any_size_is_whole(size: int) -> None:
    made = OfSize(size)
    answer = Caller(wrapped=made).get(PATH)
    assert (answer.status_code, answer.content) == (200, made.body)
    assert answer.headers["Content-Length"] == str(size)


async def slowly(app: Any, path: str, count: int) -> list[Reader]:
    """Readers who have all begun before one of them takes a body."""
    let_go = asyncio.Event()
    readers = [Reader(let_go) for _ in range(count)]
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        for reader in readers:
            tasks.create_task(reader.ask(app, path))
            await reader.begun.wait()
        let_go.set()
    return readers


def test_a_caller_has_a_few_large_answers_on_their_way() -> None:
    app = Caller(wrapped=OfSize(3 * PIECE)).app
    *taken, refused = asyncio.run(slowly(app, PATH, MOST_LARGE_OF_CALLER + 1))
    assert {(reader.status, len(reader.body)) for reader in taken} == {(200, 3 * PIECE)}
    assert refused.status == 503
    assert b'"busy"' in refused.body


def test_a_large_answer_that_is_taken_too_slowly_is_broken_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before, each of its pieces had a time, and the whole had none."""
    monkeypatch.setattr(large_answers, "_good_for_s", lambda size: size / (1 << 30))
    app = Caller(wrapped=OfSize(3 * PIECE)).app

    async def never_taken() -> Reader:
        reader = Reader(asyncio.Event())
        async with asyncio.timeout(20):
            await reader.ask(app, PATH)
        return reader

    reader = asyncio.run(never_taken())
    assert (reader.status, reader.body) == (200, b"")


def test_files_of_pages_are_for_everybody() -> None:
    readers = asyncio.run(slowly(Caller().app, SAMPLE, MOST_LARGE_OF_CALLER + 1))
    assert {reader.status for reader in readers} == {200}
    assert {reader.body for reader in readers} == {FILES[SAMPLE].read_bytes()}
    assert len(readers[0].body) > PIECE

"""Requests that are none, or are damaged on their way, over a real connection."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar, cast

import pytest
import uvloop
from fastapi import FastAPI, Request, Response

from adapters.http.bounded_protocol import BoundedProtocol
from adapters.http.server import Server

HEAD = b"POST /body HTTP/1.1\r\nHost: x\r\n"
EMPTY = HEAD + b"Content-Length: 0\r\n\r\n"
PATIENCE_S = 20
T = TypeVar("T")
IDLE_S = 0.3
"""A server that waits no longer for a next request."""
EARLY = b"POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n"
LARGE = b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n"
SLOW = b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"
LARGE_BYTES = 8 << 20
"""More than lies between two sockets."""


def run(work: Coroutine[Any, Any, T]) -> T:
    """On the loop that the server has in its own process."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def app() -> FastAPI:
    made = FastAPI()

    @made.post("/body")
    async def body(request: Request) -> int:
        return len(await request.body())

    @made.post("/early")
    async def early() -> int:
        return 0

    @made.get("/slow")
    async def slow() -> int:
        await asyncio.sleep(0.1)
        return 0

    @made.get("/large")
    async def large() -> Response:
        return Response(bytes(LARGE_BYTES))

    return made


@asynccontextmanager
async def serving(idle_s: float | None = None) -> AsyncIterator[tuple[Server, int]]:
    """A server and its port, for the length of the block."""
    server = Server(app(), "127.0.0.1", 0)
    if idle_s is not None:
        server.config.timeout_keep_alive = cast(int, idle_s)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - it has no event for that
        await asyncio.sleep(0.01)
    yield server, server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await task


async def said_by(reader: asyncio.StreamReader) -> bytes:
    """All of it, until the connection ends."""
    return await asyncio.wait_for(reader.read(), PATIENCE_S)


async def answer_to(raw: bytes, *, says_no_more: bool = False) -> bytes:
    async with serving() as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(raw)
        if says_no_more:
            writer.write_eof()
        said = await said_by(reader)
        writer.close()
    return said


@pytest.mark.parametrize(
    "rest",
    [
        b"Transfer-Encoding: gzip\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}",
        b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}}}",
    ],
)
def test_a_body_that_is_no_http_is_answered(rest: bytes) -> None:
    """Before, the connection ended without a word."""
    said = run(answer_to(HEAD + rest))
    assert said.startswith(b"HTTP/1.1 400")
    assert b"application/problem+json" in said


def test_a_client_that_would_rather_speak_http_2_comes_again() -> None:
    """Before, its next request on the connection was never answered: nobody parsed it."""
    upgrade = b"Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\n{}"
    said = run(answer_to(HEAD + upgrade))
    assert said.startswith(b"HTTP/1.1 200")
    assert b"connection: close" in said.lower()


async def answer_of_a_late_loop(requests: int) -> bytes:
    """The answer to the last request. It waits to be read when the time for it is over."""
    async with serving() as (server, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while not server.server_state.connections:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
        [connection] = server.server_state.connections
        for _ in range(requests - 1):
            writer.write(EMPTY)
            await asyncio.wait_for(reader.readuntil(b"\r\n\r\n0"), PATIENCE_S)
        writer.write(EMPTY)
        its_time_is_over(cast(BoundedProtocol, connection))
        said = await asyncio.wait_for(reader.read(12), PATIENCE_S)
        writer.close()
    return said


def its_time_is_over(connection: BoundedProtocol) -> None:
    """The timer that waits for a request runs now, as it does in a loop that was late."""
    timer = connection.timeout_keep_alive_task or connection._timer
    assert timer is not None
    timer._run()
    timer.cancel()


@pytest.mark.parametrize("requests", [1, 2], ids=["the first", "one after a pause"])
def test_a_request_that_a_late_loop_has_not_read_is_answered(requests: int) -> None:
    """Before, its connection was closed without a word."""
    assert asyncio.run(answer_of_a_late_loop(requests)) == b"HTTP/1.1 200"


async def said_after_the_answer(request: bytes, rest: bytes, idle_s: float | None = None) -> bytes:
    """All that comes once the rest of a request follows its early answer."""
    async with serving(idle_s) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        await asyncio.wait_for(reader.readuntil(b"\r\n\r\n0"), PATIENCE_S)
        writer.write(rest)
        said = await said_by(reader)
        writer.close()
    return said


NOWHERE = [
    f"{request} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    for request in (
        "CONNECT x:443",
        "GET http://x",
        "GET http://",
        "POST https://x:/body",
        "GET ?b",
    )
]


@pytest.mark.parametrize("request_", NOWHERE)
def test_an_address_that_is_none_is_refused(request_: bytes) -> None:
    """Before, the connection ended without a word, and the log had a traceback."""
    for said in (run(answer_to(request_)), run(said_after_the_answer(EMPTY, request_))):
        assert said.startswith(b"HTTP/1.1 400")
        assert b"no-http" in said


def test_a_connection_whose_request_was_answered_early_ends_when_nothing_follows() -> None:
    """Before, it stayed open for ever once the rest of the body had come."""
    assert run(said_after_the_answer(EARLY, b"{}", IDLE_S)) == b""


async def answers_to_a_slow_reader() -> list[bytes]:
    async with serving() as (server, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 10)
        writer.write(LARGE)
        while not server.server_state.connections:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
        [connection] = server.server_state.connections
        protocol = cast(BoundedProtocol, connection)
        while protocol.timeout_keep_alive_task is None:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
        protocol.timeout_keep_alive_handler()
        found = []
        for _ in range(2):
            await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE_S)
            found.append(await asyncio.wait_for(reader.readexactly(LARGE_BYTES), PATIENCE_S))
            writer.write(LARGE)
        writer.close()
    return found


def test_a_client_that_takes_its_answer_slowly_may_ask_again() -> None:
    """Before, the time between two requests began before it had the answer to the first one."""
    first, second = run(answers_to_a_slow_reader())
    assert first == second == bytes(LARGE_BYTES)


def test_a_client_that_says_no_more_gets_its_answer() -> None:
    """Before, the connection ended without a word."""
    said = run(answer_to(SLOW, says_no_more=True))
    assert said.startswith(b"HTTP/1.1 200")


def test_requests_in_a_row_are_answered_though_the_client_says_no_more() -> None:
    said = run(answer_to(EMPTY * 3, says_no_more=True))
    assert said.count(b"HTTP/1.1 200") == 3


@pytest.mark.parametrize("cut", [HEAD, HEAD + b"Content-Length: 9\r\n\r\n{}"])
def test_a_request_that_is_cut_is_refused(cut: bytes) -> None:
    """Before, the connection ended without a word."""
    said = run(answer_to(cut, says_no_more=True))
    assert said.startswith(b"HTTP/1.1 400")
    assert b"request-cut" in said


@pytest.mark.parametrize("bad", [b"no http\r\n\r\n", HEAD + b"Transfer-Encoding: gzip\r\n\r\n"])
def test_a_refusal_is_never_the_answer_to_the_request_before(bad: bytes) -> None:
    """Before, a request that was worked on got the answer of the nonsense behind it."""
    said = run(answer_to(SLOW + bad))
    assert said.startswith(b"HTTP/1.1 200")
    assert said.count(b"HTTP/1.1") == 1


def test_a_request_that_was_answered_gets_no_second_answer() -> None:
    """Before, a body that broke off after an early answer was refused once more."""
    chunked = EARLY.replace(b"Content-Length: 2", b"Transfer-Encoding: chunked")
    assert run(said_after_the_answer(chunked, b"no number\r\n")) == b""


def test_a_request_that_is_cut_takes_no_answer_of_the_one_before() -> None:
    """Before, the connection ended, and the request that was whole had no answer."""
    said = run(answer_to(SLOW + HEAD, says_no_more=True))
    assert said.startswith(b"HTTP/1.1 200")
    assert said.count(b"HTTP/1.1") == 1

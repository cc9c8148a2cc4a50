"""Requests that are none, or are damaged on their way, over a real connection."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import pytest
from fastapi import FastAPI, Request

from adapters.http.bounded_protocol import BoundedProtocol
from adapters.http.server import Server

HEAD = b"POST /body HTTP/1.1\r\nHost: x\r\n"
EMPTY = HEAD + b"Content-Length: 0\r\n\r\n"
PATIENCE_S = 20


def app() -> FastAPI:
    made = FastAPI()

    @made.post("/body")
    async def body(request: Request) -> int:
        return len(await request.body())

    return made


@asynccontextmanager
async def serving() -> AsyncIterator[tuple[Server, int]]:
    """A server and its port, for the length of the block."""
    server = Server(app(), "127.0.0.1", 0)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - it has no event for that
        await asyncio.sleep(0.01)
    yield server, server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await task


async def answer_to(raw: bytes) -> bytes:
    async with serving() as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(raw)
        said = await asyncio.wait_for(reader.read(), PATIENCE_S)
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
    said = asyncio.run(answer_to(HEAD + rest))
    assert said.startswith(b"HTTP/1.1 400")
    assert b"application/problem+json" in said


def test_a_client_that_would_rather_speak_http_2_comes_again() -> None:
    """Before, its next request on the connection was never answered: nobody parsed it."""
    upgrade = b"Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\n{}"
    said = asyncio.run(answer_to(HEAD + upgrade))
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

"""Requests that are none, or are damaged on their way, over a real connection."""

import asyncio

import pytest
from fastapi import FastAPI, Request

from adapters.http.server import Server

HEAD = b"POST /body HTTP/1.1\r\nHost: x\r\n"


def app() -> FastAPI:
    made = FastAPI()

    @made.post("/body")
    async def body(request: Request) -> int:
        return len(await request.body())

    return made


async def answer_to(raw: bytes) -> bytes:
    server = Server(app(), "127.0.0.1", 0)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - it has no event for that
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw)
    said = await asyncio.wait_for(reader.read(), 4)
    writer.close()
    server.should_exit = True
    await serving
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

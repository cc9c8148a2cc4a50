"""Clients that hang up in the middle of a request, on both sides."""

import asyncio
import logging

import pytest
from fastapi import FastAPI

from adapters.http.server import Server
from tests.read_side import Caller
from tests.write_side import SESSION, WriteSide, chunk_headers

PATIENCE_S = 20


def chunk(side: WriteSide) -> bytes:
    """The head of a chunk, and the first of its bytes."""
    fields = {**chunk_headers(side.upload_token()), "Content-Length": "240000", "Host": "x"}
    lines = [f"PUT /v1/sessions/{SESSION}/chunks/0 HTTP/1.1"]
    lines += [f"{name}: {text}" for name, text in fields.items()]
    return "\r\n".join([*lines, "", "fLaC"]).encode()


def group() -> bytes:
    fields = b"Authorization: Bearer owner\r\nContent-Type: application/json\r\n"
    return b"POST /v1/groups HTTP/1.1\r\nHost: x\r\n" + fields + b"Content-Length: 20\r\n\r\n{"


def name() -> bytes:
    fields = b"Lah-Page: 1\r\nContent-Type: application/json\r\n"
    return (
        b"POST /auth/development HTTP/1.1\r\nHost: x\r\n" + fields + b"Content-Length: 9\r\n\r\n{"
    )


async def hang_up(app: FastAPI, part: bytes) -> None:
    """Send a part of a request, and leave. Returns when the server has noticed and stopped."""
    server = Server(app, "127.0.0.1", 0)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - it has no event for that
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(part)
    while not server.server_state.tasks:  # noqa: ASYNC110 - as above
        await asyncio.sleep(0.01)
    writer.close()
    async with asyncio.timeout(PATIENCE_S):
        while server.server_state.tasks:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
    server.should_exit = True
    await task


SIDE = WriteSide()
PARTS = {
    "chunk": (SIDE.client.app, chunk(SIDE)),
    "group": (SIDE.client.app, group()),
    "name": (Caller().app, name()),
}


@pytest.mark.parametrize("part", PARTS)
def test_nothing_is_logged_of_a_client_that_hangs_up(
    part: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Before, the log had a traceback for each phone that left its network while it sent."""
    with caplog.at_level(logging.WARNING):
        asyncio.run(hang_up(*PARTS[part]))
    assert [record.getMessage() for record in caplog.records] == []

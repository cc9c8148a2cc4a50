"""A phone's calls hold no thread: they are answered while every thread waits for a server."""

import asyncio

import anyio.to_thread
import httpx

from tests.write_side import FLAC, SESSION, WriteSide, chunk_headers, listing, start_body

PATH = f"/v1/sessions/{SESSION}"
SOON_S = 10


async def calls(side: WriteSide) -> list[int]:
    """The statuses of everything that a phone asks for, while no thread is free."""
    threads = anyio.to_thread.current_default_thread_limiter()
    threads.total_tokens = 1
    threads.acquire_on_behalf_of_nowait("everybody else")
    async with asyncio.timeout(SOON_S):
        return await phone(side)


async def phone(side: WriteSide) -> list[int]:
    transport = httpx.ASGITransport(side.client.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        owner = {"Authorization": "Bearer owner"}
        start = await client.put(PATH, json=start_body(), headers=owner)
        token = start.json()["upload_token"]
        upload = {"Authorization": f"Bearer {token}"}
        side.directory.take(listing())
        answers = [
            start,
            await client.put(f"{PATH}/chunks/0", content=FLAC, headers=chunk_headers(token)),
            await client.get(f"{PATH}/chunks", headers=upload),
            await client.post(f"{PATH}/complete", json={"chunks": 1}, headers=upload),
        ]
    return [answer.status_code for answer in answers]


def test_a_phone_is_answered_while_every_thread_waits() -> None:
    """Before, a start waited 16.6 s for a thread while the object store was frozen."""
    assert asyncio.run(calls(WriteSide())) == [201, 201, 200, 202]

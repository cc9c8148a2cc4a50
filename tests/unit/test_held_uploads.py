"""Uploads that are on their way are in memory: one owner has so much of it, and all have."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from adapters.audio.answers import Measured
from adapters.audio.decoding import measure
from producers.gateway.dependencies import provide
from producers.gateway.held_uploads import MOST_HELD, MOST_HELD_OF_OWNER, HeldUploads
from schemas.ids import UserId
from schemas.limits import CHUNK_BYTES
from tests.write_side import FLAC, SESSION, WriteSide, chunk_headers

PLACE = f"/v1/sessions/{SESSION}/chunks"
TWO_CHUNKS = 2 * len(FLAC)


class Waiting:
    """Measures an upload when it is let go."""

    def __init__(self) -> None:
        self.let_go = asyncio.Event()
        self.asked = asyncio.Semaphore(0)

    async def measure(self, body: bytes, user: UserId) -> Measured:
        self.asked.release()
        await self.let_go.wait()
        return measure(body)


@pytest.mark.parametrize(
    ("held", "status", "problem"),
    [
        (HeldUploads(most_of_owner=TWO_CHUNKS), 429, "too-many-uploads"),
        (HeldUploads(most=TWO_CHUNKS), 503, "busy"),
    ],
)
def test_an_upload_too_many_is_refused_until_another_one_is_answered(
    held: HeldUploads, status: int, problem: str
) -> None:
    waiting = Waiting()
    side = WriteSide(measures=waiting)
    headers = chunk_headers(side.upload_token())
    provide(side.client.app, replace(side.services, held=held))

    async def upload() -> None:
        transport = httpx.ASGITransport(side.client.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as phone:

            async def sent(seq: int) -> httpx.Response:
                return await phone.put(f"{PLACE}/{seq}", content=FLAC, headers=headers)

            first = [asyncio.create_task(sent(seq)) for seq in range(2)]
            for _ in first:
                await waiting.asked.acquire()
            async with asyncio.timeout(20):
                refused = await sent(2)
            assert (refused.status_code, refused.json()["type"]) == (status, problem)
            assert "Retry-After" in refused.headers
            waiting.let_go.set()
            assert [one.status_code for one in await asyncio.gather(*first)] == [201, 201]
            assert (await sent(2)).status_code == 201

    asyncio.run(upload())


def test_a_body_that_does_not_come_takes_no_room_of_others() -> None:
    """Before, it was held by the length that its head declares: slow phones refused everybody."""
    side = WriteSide()
    headers = chunk_headers(side.upload_token())
    provide(side.client.app, replace(side.services, held=HeldUploads(most=len(FLAC))))

    async def upload() -> None:
        begun, let_go = asyncio.Event(), asyncio.Event()

        async def late() -> AsyncIterator[bytes]:
            begun.set()
            await let_go.wait()
            yield FLAC

        transport = httpx.ASGITransport(side.client.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as phone:
            length = {"Content-Length": str(len(FLAC))}
            put = phone.put(f"{PLACE}/0", content=late(), headers={**headers, **length})
            slow = asyncio.create_task(put)
            await begun.wait()
            other = await phone.put(f"{PLACE}/1", content=FLAC, headers=headers)
            let_go.set()
            assert [other.status_code, (await slow).status_code] == [201, 201]

    asyncio.run(upload())


def test_there_is_room_for_the_largest_chunk_of_several_owners() -> None:
    assert CHUNK_BYTES.most < MOST_HELD_OF_OWNER < MOST_HELD / 2

"""Requests of one caller that are decided late take no thread from anybody else."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from uuid import uuid4

import httpx

from adapters.http.turns import Turns
from producers.gateway.dependencies import provide
from schemas.event import Event
from schemas.people_events import UserChangeDecided, UserChangeRequested
from tests.write_side import NOW_MS, WriteSide

REQUESTS = 60
"""More than a process has threads."""
MOST_OF_CALLER = 3


class Late:
    """Decides profiles at once, but those of the caller `greedy` when they are let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()

    def __call__(self, event: Event) -> Sequence[Event]:
        assert isinstance(event, UserChangeRequested)
        if event.user_id == "greedy":
            assert self.let_go.wait(30)
        decided = UserChangeDecided(
            occurred_at_ms=NOW_MS,
            user_id=event.user_id,
            request_id=event.request_id,
            accepted=False,
            reason="no_such_share",
            revision=1,
        )
        return [decided]


def test_a_caller_whose_requests_wait_holds_up_nobody_else() -> None:
    late = Late()
    side = WriteSide(late)
    turns = Turns(most=8, most_of_caller=MOST_OF_CALLER, admission_s=0.05)
    provide(side.client.app, replace(side.services, turns=turns))

    async def ask() -> None:
        transport = httpx.ASGITransport(side.client.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:

            async def answered(user: str) -> httpx.Response:
                sent = {"Authorization": f"Bearer {user}", "Idempotency-Key": str(uuid4())}
                return await client.patch("/v1/users/me", json={"findable": True}, headers=sent)

            greedy = [asyncio.create_task(answered("greedy")) for _ in range(REQUESTS)]
            first = islice(asyncio.as_completed(greedy, timeout=30), REQUESTS - MOST_OF_CALLER)
            refused = [await one for one in first]
            assert {(one.status_code, one.json()["type"]) for one in refused} == {(503, "busy")}
            assert all("Retry-After" in one.headers for one in refused)
            async with asyncio.timeout(30):
                assert (await answered("mei")).status_code == 404
            late.let_go.set()
            waited = [one for one in await asyncio.gather(*greedy) if one not in refused]
            assert [one.status_code for one in waited] == [404] * MOST_OF_CALLER

    asyncio.run(ask())

"""The event stream of a session: what changed, once, until it is final."""

import asyncio
from typing import Any

from api.sessions.changes import changes


def seen(answers: list[dict[str, Any]], last: str = "", heartbeat_s: float = 99.0) -> list[bytes]:
    """What a client reads while the session answers like this, one answer a poll."""
    later = iter(answers[1:])

    async def ask() -> dict[str, Any]:
        return next(later)

    async def read() -> list[bytes]:
        return [
            event
            async for event in changes(answers[0], ask, last, poll_s=0.001, heartbeat_s=heartbeat_s)
        ]

    return asyncio.run(read())


GOING: dict[str, Any] = {"state": "processing", "progress": {"counted": 0}}
FURTHER = {"state": "processing", "progress": {"counted": 3}}
DONE = {"state": "completed", "progress": {"counted": 5}}


def test_each_change_is_one_event_and_the_stream_ends_at_a_final_state() -> None:
    events = seen([GOING, GOING, FURTHER, FURTHER, DONE, GOING])
    assert len(events) == 3
    assert b'"counted": 3' in events[1]
    assert b'"completed"' in events[2]
    assert all(event.startswith(b"event: session\n") or b"\nid: " in event for event in events)


def test_a_client_that_comes_back_is_not_told_again() -> None:
    told = seen([GOING, DONE])
    last = next(
        line for line in told[0].decode().splitlines() if line.startswith("id: ")
    ).removeprefix("id: ")
    assert seen([GOING, DONE], last) == told[1:]


def test_a_heartbeat_between() -> None:
    assert any(event.startswith(b":") for event in seen([GOING] * 6 + [DONE], heartbeat_s=0.003))

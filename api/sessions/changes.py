"""A session's changes as Server-Sent Events."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable

from fastapi.sse import format_sse_event

from api.sessions.models import SessionAnswer
from schemas.session_events import FINAL

POLL_S = 0.5
"""Each listener reads the warehouse this often, five queries a time."""
HEARTBEAT_S = 15.0
"""Proxies close connections that are silent for a minute or less."""
Read = Callable[[], Awaitable[SessionAnswer]]


async def changes(
    first: SessionAnswer,
    read: Read,
    seen: str,
    poll_s: float = POLL_S,
    heartbeat_s: float = HEARTBEAT_S,
) -> AsyncIterator[bytes]:
    """`first`, then every answer that differs from the one before, until one is final.

    The id of an event is a digest of its data. `seen` is the client's Last-Event-ID and is not sent
    again: a client that comes back gets what changed meanwhile and nothing else.
    """
    answer = first
    silent_s = 0.0
    while True:
        body = answer.model_dump_json(by_alias=True)
        event_id = hashlib.sha256(body.encode()).hexdigest()[:16]
        if event_id != seen:
            seen = event_id
            silent_s = 0.0
            yield format_sse_event(data_str=body, event="session", id=event_id)
        if answer.state in FINAL:
            return
        if silent_s >= heartbeat_s:
            silent_s = 0.0
            yield format_sse_event(comment="still here")
        await asyncio.sleep(poll_s)
        silent_s += poll_s
        answer = await read()

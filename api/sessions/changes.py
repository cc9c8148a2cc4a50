"""A session as it changes, as Server-Sent Events: one event per change, a heartbeat between, the end at a final state."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from fastapi.sse import format_sse_event

from schemas.session_events import FINAL

POLL_S, HEARTBEAT_S = 0.5, 15.0
Ask = Callable[[], Awaitable[dict[str, Any]]]


async def changes(
    first: dict[str, Any],
    ask: Ask,
    seen: str,
    poll_s: float = POLL_S,
    heartbeat_s: float = HEARTBEAT_S,
) -> AsyncIterator[bytes]:
    """`first`, then every answer that differs from the one before; `seen` is the client's Last-Event-ID, which is not sent again.

    An event's id is a digest of its data, so a client that comes back after a break gets what changed meanwhile and nothing else.
    """
    answer, silent_s = first, 0.0
    while True:
        body = json.dumps(answer, ensure_ascii=False)
        name = hashlib.sha256(body.encode()).hexdigest()[:16]
        if name != seen:
            seen, silent_s = name, 0.0
            yield format_sse_event(data_str=body, event="session", id=name)
        if answer["state"] in FINAL:
            return
        if silent_s >= heartbeat_s:
            silent_s = 0.0
            yield format_sse_event(comment="still here")
        await asyncio.sleep(poll_s)
        silent_s += poll_s
        answer = await ask()

"""A session's changes as Server-Sent Events."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from fastapi.sse import format_sse_event

from adapters.http.page_sessions import SIGNED_IN_S
from api.sessions.listeners import Listener, News
from api.sessions.models import SessionAnswer
from api.sessions.notices import AGAIN, Notice
from schemas.session_events import FINAL

HEARTBEAT_S = 15.0
"""Proxies close connections that are silent for a minute or less."""
LIFE_S = float(SIGNED_IN_S)
"""A stream is opened again after so long, with a token of that moment. Else somebody who has signed
out everywhere would be followed to the end of their talk."""


@dataclass(frozen=True)
class StreamEvent:
    """The bytes of an event. One about the session has an id, which is a digest of its data."""

    encoded: bytes
    is_last: bool = False
    event_id: str = ""

    @classmethod
    def of(cls, answer: SessionAnswer) -> "StreamEvent":
        """The event of an answer; the last one when the session is final."""
        data = answer.model_dump_json(by_alias=True)
        event_id = hashlib.sha256(data.encode()).hexdigest()[:16]
        encoded = format_sse_event(data_str=data, event="session", id=event_id)
        return cls(encoded, answer.state in FINAL, event_id)


async def changes(
    joined: AbstractAsyncContextManager[Listener],
    first: StreamEvent,
    seen: str,
    heartbeat_s: float = HEARTBEAT_S,
    life_s: float = LIFE_S,
) -> AsyncIterator[bytes]:
    """`first`, then everything that the listener is told, until one of it is the last.

    After `life_s` the client is told to open the stream again.

    `seen` is the client's Last-Event-ID and is not sent again: a client that comes back gets what
    changed meanwhile and nothing else.
    """
    async with joined as listener:
        event = first
        clock = asyncio.get_running_loop().time
        ends_at_s = clock() + life_s
        while True:
            if not event.event_id or event.event_id != seen:
                yield event.encoded
            if event.is_last:
                return
            seen = event.event_id or seen
            left_s = ends_at_s - clock()
            if left_s <= 0:
                yield AGAIN.encoded()
                return
            event = _event_of(await listener.next(min(heartbeat_s, left_s)))


def _event_of(news: News | None) -> StreamEvent:
    match news:
        case None:
            return StreamEvent(format_sse_event(comment="still here"))
        case Notice():
            return StreamEvent(news.encoded(), news.ends)
        case _:
            return StreamEvent.of(news)


async def notice_alone(notice: Notice) -> AsyncIterator[bytes]:
    """A stream that ends with its first event."""
    yield notice.encoded()

"""Bodies of requests, bounded in size and in time while they come."""

import asyncio
import re
from collections.abc import Callable

from fastapi import Request

from adapters.http.problems import HttpProblem
from schemas.limits import BODY_RATE, BODY_S

NUMBER = re.compile("[0-9]{1,18}")
"""A whole number in a header. Python refuses to read one of thousands of digits."""
Came = Callable[[int], None]


def media_type(content_type: str) -> str:
    """Pure: the type that a Content-Type names, without its parameters."""
    return content_type.partition(";")[0].strip().lower()


def _not_counted(_: int) -> None:
    pass


async def whole(request: Request, most_bytes: int, came: Came = _not_counted) -> bytes:
    """All of the body.

    Raises HttpProblem: 413 as soon as it is, or says that it will be, larger; 408 when it comes too
    slowly. Raises what `came` raises, which is told how many bytes came, again and again.
    """
    if _declared(request) > most_bytes:
        raise too_large(most_bytes)
    now_s = asyncio.get_running_loop().time
    received: list[bytes] = []
    size = 0
    deadline = now_s() + BODY_S.most
    try:
        async with asyncio.timeout_at(deadline) as patience:
            async for part in request.stream():
                came(len(part))
                received.append(part)
                size += len(part)
                if size > most_bytes:
                    raise too_large(most_bytes)
                deadline += len(part) / BODY_RATE.least
                patience.reschedule(min(deadline, now_s() + BODY_S.most))
    except TimeoutError:
        raise _too_slow() from None
    return b"".join(received)


def _declared(request: Request) -> int:
    length = request.headers.get("Content-Length", "")
    return int(length) if NUMBER.fullmatch(length) else 0


def too_large(most_bytes: int) -> HttpProblem:
    """413."""
    detail = f"The body has at most {most_bytes} bytes."
    return HttpProblem(413, "body-too-large", "Body too large", detail)


def _too_slow() -> HttpProblem:
    detail = f"The body came too slowly: {BODY_RATE.least} bytes a second are the least."
    return HttpProblem(408, "body-too-slow", "Too slow", detail, retryable=True)

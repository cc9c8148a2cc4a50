"""Large answers go out in pieces, and each caller has a few of them on their way.

An answer is in memory until its reader took it. The words of a long talk are megabytes, and a
client may have a thousand connections.
"""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.http.problems import answer_to
from adapters.http.turns import BUSY, BusyError, Turns
from schemas.limits import ANSWER_S, KIB

PIECE = 1 << 18
"""Bytes. The server takes a piece when the reader has taken those before. Smaller answers, as pages
and pictures are, go at once."""
MOST_LARGE = 32
"""Larger answers at a time."""
MOST_LARGE_OF_CALLER = 4
LEAST_RATE = 32 * KIB
"""Bytes a second that a reader takes of a larger answer, beyond its first ANSWER_S: as a phone with
3G does. The connection of a slower one is broken off."""


class LargeAnswers:
    """ASGI middleware. A large answer too many is 503 instead.

    Answers to nobody in particular are files, which are in memory once for all.
    """

    def __init__(self, app: ASGIApp, turns: Turns) -> None:
        self._app = app
        self._turns = turns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; other scopes pass unchanged."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        is_over = False
        until: float | None = None
        async with AsyncExitStack() as held:

            async def send_in_turn(message: Message) -> None:
                nonlocal is_over, until
                if is_over:
                    return
                try:
                    if (size := _size(message)) > PIECE and (caller := state.get("caller")):
                        await held.enter_async_context(self._turns.of(caller))
                        until = asyncio.get_running_loop().time() + _good_for_s(size)
                except BusyError:
                    is_over = True
                    await answer_to(BUSY)(scope, receive, send)
                    return
                is_over = not await _send_until(until, message, send)

            await self._app(scope, receive, send_in_turn)


def _size(message: Message) -> int:
    """Bytes of the answer that it begins; 0 when it begins none, or they are not known."""
    if message["type"] != "http.response.start":
        return 0
    return int(Headers(raw=message["headers"]).get("content-length", "0"))


def _good_for_s(size: int) -> float:
    """How long an answer of so many bytes may be on its way."""
    return ANSWER_S.most + size / LEAST_RATE


async def _send_until(until: float | None, message: Message, send: Send) -> bool:
    """False when it was not taken by that time of the loop. The server ends what is not whole."""
    try:
        async with asyncio.timeout_at(until):
            for piece in _pieces(message):
                await send(piece)
    except TimeoutError:
        return False
    return True


def _pieces(message: Message) -> Iterator[Message]:
    """The message, or its body in several messages. The last one says whether more follows it."""
    body = message.get("body", b"")
    if len(body) <= PIECE:
        yield message
        return
    begin = 0
    while len(body) - begin > PIECE:
        piece = body[begin : begin + PIECE]
        yield {"type": message["type"], "body": piece, "more_body": True}
        begin += PIECE
    yield {**message, "body": body[begin:]}

"""Large answers go out in pieces, and each caller has a few of them on their way.

An answer is in memory until its reader took it, which may take as long as they like. The words of a
long talk are megabytes, and a client may have a thousand connections.
"""

from collections.abc import Iterator
from contextlib import AsyncExitStack

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.http.problems import answer_to
from adapters.http.turns import BUSY, BusyError, Turns

PIECE = 1 << 18
"""Bytes. The server takes a piece when the reader has taken those before. Smaller answers, as pages
and pictures are, go at once."""
MOST_LARGE = 32
"""Larger answers at a time."""
MOST_LARGE_OF_CALLER = 4


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
        is_refused = False
        async with AsyncExitStack() as held:

            async def send_in_turn(message: Message) -> None:
                nonlocal is_refused
                if is_refused:
                    return
                try:
                    if _is_large(message) and (caller := state.get("caller")):
                        await held.enter_async_context(self._turns.of(caller))
                except BusyError:
                    is_refused = True
                    await answer_to(BUSY)(scope, receive, send)
                    return
                for piece in _pieces(message):
                    await send(piece)

            await self._app(scope, receive, send_in_turn)


def _is_large(message: Message) -> bool:
    """Whether it begins an answer that is larger than a piece."""
    if message["type"] != "http.response.start":
        return False
    return int(Headers(raw=message["headers"]).get("content-length", "0")) > PIECE


def _pieces(message: Message) -> Iterator[Message]:
    """The message, or its body in several."""
    body = message.get("body", b"")
    for begin in range(0, len(body) - PIECE, PIECE):
        yield {"type": message["type"], "body": body[begin : begin + PIECE], "more_body": True}
    left = len(body) % PIECE or PIECE
    yield {**message, "body": body[-left:]} if len(body) > PIECE else message

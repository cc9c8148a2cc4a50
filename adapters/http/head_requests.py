"""HEAD is answered as GET is, without the body (RFC 9110, 9.3.2)."""

from collections.abc import Collection, Iterator
from http import HTTPStatus

import anyio
from anyio.lowlevel import checkpoint
from starlette.datastructures import MutableHeaders
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE")
"""All that a route of ours may take."""


class HeadRequests:
    """ASGI middleware, outside of all that answer: they see a GET.

    An address that does not take a method names all those that it takes. The router looks at the
    first route that fits, which has one of them.

    Work ends when the headers are there: no event stream is joined, and no recording is read.
    `without`: paths whose GET changes something. They take no HEAD.
    """

    def __init__(self, app: ASGIApp, without: Collection[str] = ()) -> None:
        self._app = app
        self._without = without

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; other scopes pass unchanged."""
        if scope["type"] != "http" or scope["path"] in self._without:
            await self._app(scope, receive, send)
        elif scope["method"] == "HEAD":
            await self._head(scope, receive, send)
        else:
            await self._app(scope, receive, _allowing(scope, send))

    async def _head(self, scope: Scope, receive: Receive, send: Send) -> None:
        with anyio.CancelScope() as work:

            async def send_head(message: Message) -> None:
                if message["type"] != "http.response.start":
                    return
                await _allowing(scope, send)(message)
                await send({"type": "http.response.body"})
                work.cancel()
                await checkpoint()

            await self._app({**scope, "method": "GET"}, receive, send_head)


def _allowed(scope: Scope) -> Iterator[str]:
    """The methods of all routes of the address; HEAD follows from GET."""
    for method in METHODS:
        asked = {**scope, "method": method}
        if any(route.matches(asked)[0] is Match.FULL for route in scope["app"].routes):
            yield method
            if method == "GET":
                yield "HEAD"


def _allowing(scope: Scope, send: Send) -> Send:
    """`send`, which names all methods of an address that does not take the one that came."""

    async def send_allowing(message: Message) -> None:
        if message.get("status") == HTTPStatus.METHOD_NOT_ALLOWED:
            MutableHeaders(scope=message)["Allow"] = ", ".join(_allowed(scope))
        await send(message)

    return send_allowing

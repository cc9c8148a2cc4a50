"""HEAD is answered as GET is, without the body (RFC 9110, 9.3.2)."""

from collections.abc import Collection
from http import HTTPStatus

import anyio
from anyio.lowlevel import checkpoint
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HeadRequests:
    """ASGI middleware, outside of all that answer: they see a GET.

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
            await self._app(scope, receive, _allowing(send))

    async def _head(self, scope: Scope, receive: Receive, send: Send) -> None:
        with anyio.CancelScope() as work:

            async def send_head(message: Message) -> None:
                if message["type"] != "http.response.start":
                    return
                await _allowing(send)(message)
                await send({"type": "http.response.body"})
                work.cancel()
                await checkpoint()

            await self._app({**scope, "method": "GET"}, receive, send_head)


def _allowing(send: Send) -> Send:
    """`send`, which says that who may ask by GET may ask by HEAD."""

    async def send_allowing(message: Message) -> None:
        if message.get("status") == HTTPStatus.METHOD_NOT_ALLOWED:
            headers = MutableHeaders(scope=message)
            allowed = headers.get("Allow", "").split(", ")
            if "GET" in allowed and "HEAD" not in allowed:
                headers["Allow"] = ", ".join([*allowed, "HEAD"])
        await send(message)

    return send_allowing

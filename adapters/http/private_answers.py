"""Answers of one caller, which no cache keeps for others."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

UNSTORED = "private, no-store"
"""Cache-Control of such an answer."""


class PrivateAnswers:
    """ASGI middleware: all answers are private, and so are tokens and invites in them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; other scopes pass unchanged."""

        async def send_private(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Cache-Control"] = UNSTORED
            await send(message)

        await self._app(scope, receive, send_private)

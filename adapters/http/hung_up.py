"""Clients that hang up before their request is whole."""

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send


class HungUp:
    """ASGI middleware, the outermost one: such a client is no fault of ours.

    Nobody is there to answer. Without this the log has a traceback for each phone that leaves its
    network while it sends.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; other scopes pass unchanged."""
        try:
            await self._app(scope, receive, send)
        except ClientDisconnect:
            return

"""The read side's routes (contracts, section 2). Every route is authorised; what one may not know of is 404."""

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.http import problems
from api.groups import routes as groups
from api.http import Parts
from api.pages import routes as pages
from api.sessions import routes as sessions
from api.shares import routes as shares
from api.users import routes as users


def build(parts: Parts, gateway_url: str, store_url: str) -> FastAPI:
    """The application; nothing is started."""
    app = FastAPI(
        title="Lahstats read side",
        version="1",
        docs_url=None,
        redoc_url=None,
        responses=problems.EVERYWHERE,
    )
    problems.install(app)
    app.add_middleware(AskedAgain)
    for routes in (sessions, users, groups, shares):
        app.include_router(routes.router(parts))
    app.include_router(pages.router(gateway_url, store_url))
    return app


class AskedAgain:
    """What people said is kept by nobody on the way; fonts and scripts may be asked for again when they changed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Cache-Control"] = _kept(scope["path"], "ETag" in headers)
            await send(message)

        await self._app(scope, receive, sent if scope["type"] == "http" else send)


def _kept(path: str, has_etag: bool) -> str:
    if path.startswith("/wrapped"):
        return "no-cache"
    return "private, no-cache" if has_etag else "private, no-store"

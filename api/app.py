"""The read side's routes (contracts, section 2). Every route is authorised; what one may not know of is 404."""

from typing import Any

from fastapi import FastAPI, Request, Response

from adapters import problems
from api.pages import serving
from api.routes import groups, pictures, sessions, users
from api.routes.asking import Parts


def build(parts: Parts, gateway_url: str, store_url: str) -> FastAPI:
    """The application; nothing is started."""
    app = FastAPI(title="Lahstats read side", version="1", docs_url=None, redoc_url=None, responses=problems.EVERYWHERE)
    problems.install(app)
    app.middleware("http")(_asked_again)
    for routes in (sessions, users, groups, pictures):
        app.include_router(routes.router(parts))
    app.include_router(serving.router(gateway_url, store_url))
    return app


async def _asked_again(request: Request, call_next: Any) -> Response:
    """What people said is kept by nobody on the way; fonts and scripts may be asked for again when they changed."""
    response: Response = await call_next(request)
    if request.url.path.startswith("/wrapped"):
        response.headers["Cache-Control"] = "no-cache"
    else:
        response.headers["Cache-Control"] = "private, no-cache" if "ETag" in response.headers else "private, no-store"
    return response

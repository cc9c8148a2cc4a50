"""The read side's routes (contracts, section 2). Every route is authorised; what one may not know of is 404."""

from typing import Any

from fastapi import FastAPI, Request, Response

from adapters import problems
from api.routes import groups, sessions, users
from api.routes.asking import Parts


def build(parts: Parts) -> FastAPI:
    """The application; nothing is started."""
    app = FastAPI(title="Lahstats read side", version="1", docs_url=None, redoc_url=None, responses=problems.EVERYWHERE)
    problems.install(app)
    app.middleware("http")(_never_cached)
    for routes in (sessions, users, groups):
        app.include_router(routes.router(parts))
    return app


async def _never_cached(request: Request, call_next: Any) -> Response:
    response: Response = await call_next(request)
    response.headers["Cache-Control"] = "private, no-store"
    return response

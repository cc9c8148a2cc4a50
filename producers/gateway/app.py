"""The write side's routes (contracts, section 1). Every route is authorised; what one may not know of is 404."""

from fastapi import FastAPI

from adapters import problems
from producers.gateway.answering import Parts
from producers.gateway.routes import people, sessions, speakers


def build(parts: Parts) -> FastAPI:
    """The application; nothing is started."""
    app = FastAPI(title="Lahstats write side", version="1", docs_url=None, redoc_url=None, responses=problems.EVERYWHERE)
    problems.install(app)
    for routes in (sessions, speakers, people):
        app.include_router(routes.router(parts))
    return app

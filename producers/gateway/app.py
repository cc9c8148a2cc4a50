"""The write side over HTTP. A caller who may not know of something gets 404 for it."""

from fastapi import FastAPI
from starlette.types import Lifespan

from adapters.http import problems, rates
from adapters.http.head_requests import HeadRequests
from adapters.http.hung_up import HungUp
from adapters.http.known_queries import KnownQuery
from adapters.http.private_answers import PrivateAnswers
from adapters.http.rates import Rates
from adapters.http.single_fields import SingleFields
from adapters.http.turns import BUSY, BusyError
from producers.gateway.chunk_answers import ChunkAnswerCounter
from producers.gateway.routes import erasure, groups, sessions, speakers, users
from schemas import limits


def build(lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    """The application without its services (`dependencies.provide`); nothing is started.

    `lifespan` is what is open on the event loop while the application is served. Browsers reach it
    through the front door, at the origin of the pages: no script of another origin may call it.
    """
    app = FastAPI(
        title="Lahstats write side",
        version="1",
        description=limits.markdown(),
        lifespan=lifespan,
        openapi_url="/docs/gateway.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=problems.EVERYWHERE,
    )
    problems.install(app, {BusyError: BUSY})
    rates.install(app, Rates())
    app.add_middleware(ChunkAnswerCounter)
    app.add_middleware(SingleFields)
    app.add_middleware(PrivateAnswers)
    app.add_middleware(HeadRequests)
    app.add_middleware(HungUp)
    for routes in (sessions, speakers, groups, users, erasure):
        app.include_router(routes.router, dependencies=[KnownQuery])
    return app

"""The write side over HTTP. A caller who may not know of something gets 404 for it."""

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.types import Lifespan

from adapters.http import problems, rates
from adapters.http.rates import Rates
from producers.gateway.chunk_answers import ChunkAnswerCounter
from producers.gateway.routes import erasure, groups, sessions, speakers, users
from schemas import limits


def build(
    page_origin: str,
    lifespan: Lifespan[FastAPI] | None = None,
    counted: Rates | None = None,
) -> FastAPI:
    """The application without its services (`dependencies.provide`); nothing is started.

    Browsers let scripts of `page_origin` call it, and of no other origin. `lifespan` is what is
    open on the event loop while the application is served. `counted`: the requests of each caller.
    """
    app = FastAPI(
        title="Lahstats write side",
        version="1",
        description=limits.markdown(),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        responses=problems.EVERYWHERE,
    )
    problems.install(app)
    rates.install(app, counted or Rates())
    app.add_middleware(ChunkAnswerCounter)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=[page_origin] if page_origin else [],
        allow_methods=["POST", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key"],
        expose_headers=["Retry-After"],
    )
    for routes in (sessions, speakers, groups, users, erasure):
        app.include_router(routes.router)
    return app

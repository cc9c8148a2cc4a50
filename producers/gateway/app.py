"""The write side's routes (contracts, section 1). Every route is authorised; what one may not know of is 404."""

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from adapters.http import problems
from producers.gateway.responses import Parts
from producers.gateway.routes import erasure, groups, sessions, speakers


def build(parts: Parts, page_origin: str) -> FastAPI:
    """The application; nothing is started. Scripts of `page_origin` may call it, and of nowhere else."""
    app = FastAPI(
        title="Lahstats write side",
        version="1",
        docs_url=None,
        redoc_url=None,
        responses=problems.EVERYWHERE,
    )
    problems.install(app)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=[page_origin] if page_origin else [],
        allow_methods=["POST", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key"],
    )
    for routes in (sessions, speakers, groups, erasure):
        app.include_router(routes.router(parts))
    return app

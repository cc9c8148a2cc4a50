"""The read side over HTTP. A caller who may not know of something gets 404 for it."""

from typing import cast

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.http import problems, rates
from adapters.http.head_requests import HeadRequests
from adapters.http.hung_up import HungUp
from adapters.http.known_queries import KnownQuery
from adapters.http.private_answers import UNSTORED
from adapters.http.problems import HttpProblem, away
from adapters.http.rates import Rates
from adapters.http.single_fields import SingleFields
from adapters.http.turns import BUSY, BusyError, Turns
from adapters.process.retry import TransientError
from api import qr
from api.dependencies import Services
from api.groups import routes as groups
from api.health import routes as health
from api.large_answers import MOST_LARGE, MOST_LARGE_OF_CALLER, LargeAnswers
from api.my_data import routes as my_data
from api.pages import routes as pages
from api.pages.files import FILES
from api.pages.for_people import PageForPeople
from api.pages.versions import FOR_EVER, PLACE
from api.sessions import routes as sessions
from api.sessions.bounded_objects import StoreAwayError
from api.shares import routes as shares
from api.shares.drawing import DrawingError
from api.signing_in import routes as signing_in
from api.users import routes as users
from api.wrapped import routes as wrapped
from schemas import limits

AS_OF = (
    "Answers have a header `Lah-As-Of`, a time in UTC: everything that was known then is in them. "
    "It is some seconds old while all is well."
)
ERRORS: dict[type[Exception], HttpProblem] = {
    BusyError: BUSY,
    DrawingError: BUSY,
    StoreAwayError: away("The object store"),
    TransientError: away("The warehouse"),
}
"""Answers to what services raise; the first that fits counts."""


def build() -> FastAPI:
    """The application without its services (`dependencies.provide`); nothing is started."""
    app = FastAPI(
        title="Lahstats read side",
        version="1",
        description=f"{AS_OF}\n\n{limits.markdown()}",
        openapi_url="/docs/api.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=problems.EVERYWHERE,
    )
    problems.install(app, ERRORS)
    rates.install(app, Rates())
    app.add_middleware(LargeAnswers, turns=Turns(MOST_LARGE, MOST_LARGE_OF_CALLER))
    app.add_middleware(PageForPeople)
    app.add_middleware(HeadersMiddleware)  # outside: pages for people have its headers too
    app.add_middleware(SingleFields)
    app.add_middleware(HeadRequests, without=signing_in.CHANGING)
    app.add_middleware(HungUp)
    for routes in (sessions, users, my_data, groups, wrapped, shares, qr):
        app.include_router(routes.router, dependencies=[KnownQuery])
    for passed_on in (shares.shared, signing_in.router, health.router, pages.router):
        app.include_router(passed_on)
    return app


class HeadersMiddleware:
    """Sets Cache-Control: no cache stores answers; page files are revalidated each time.

    But for files of a version: at their addresses there are never other bytes.

    Answers of the warehouse say in `Lah-As-Of` how new they are.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; other scopes pass unchanged."""

        async def send_with_header(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Cache-Control"] = _cache_control(scope["path"], headers)
                _say_how_new(scope, headers)
            await send(message)

        is_http = scope["type"] == "http"
        await self._app(scope, receive, send_with_header if is_http else send)


def _say_how_new(scope: Scope, headers: MutableHeaders) -> None:
    if not scope["path"].startswith(("/v1/", "/share/")):
        return
    as_of = cast(Services, scope["app"].state.services).freshness.as_of()
    if as_of:
        headers["Lah-As-Of"] = as_of


def _cache_control(path: str, headers: MutableHeaders) -> str:
    if path in FILES:
        return "no-cache"
    if "ETag" in headers:
        return FOR_EVER if path.startswith(PLACE) else "private, no-cache"
    return UNSTORED

"""Routes of signing in. The answers set cookies and never show a token."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, suppress
from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict

from adapters.http.bounded_routes import BoundedRoute
from adapters.http.clients import address_of, client_of
from adapters.http.page_sessions import COOKIE, PAGE_HEADER, not_from_a_page
from adapters.http.problems import HttpProblem
from adapters.http.turns import BusyError
from api.dependencies import Provided, Services
from api.signing_in import cookies
from api.signing_in.provider import RefusedError
from api.signing_in.service import SignedIn, local
from schemas.ids import UserId


def _from_a_page(request: Request) -> None:
    """HttpProblem 403 when another site made the browser send this: it must sign nobody in."""
    if PAGE_HEADER not in request.headers:
        raise not_from_a_page()


def _turn(request: Request, services: Services) -> AbstractAsyncContextManager[None]:
    """To ask the provider. BusyError when too many of this address, or of all, ask just now."""
    return services.sign_ins.of(client_of(address_of(request.scope)))


async def _in_turn(request: Request, services: Provided) -> AsyncIterator[None]:
    async with _turn(request, services):
        yield


router = APIRouter(prefix="/auth", include_in_schema=False, route_class=BoundedRoute)
FromAPage = Depends(_from_a_page)
InTurn = Depends(_in_turn, scope="function")
CHANGING = ("/auth/callback",)
"""Paths whose GET changes something: the provider's code is good once."""


class ChosenName(BaseModel):
    """`POST /auth/development`."""

    model_config = ConfigDict(extra="forbid")
    name: str


class Ways(BaseModel):
    """Ways to sign in here."""

    provider: bool
    development: bool


class PageSession(BaseModel):
    """The person who is signed in, and in how many seconds to renew the session."""

    user_id: UserId
    good_for_s: int


class Leave(BaseModel):
    """Where the session at the provider ends; empty when there is none."""

    address: str


@router.get("/ways")
def ways(services: Provided) -> Ways:
    """How people sign in here."""
    found = services.signing_in
    return Ways(provider=found.has_provider, development=found.is_development)


@router.get("/begin", dependencies=[InTurn])
def begin(request: Request, services: Provided, after: str = "/") -> Response:
    """To the identity provider; back to our page, which says so, when that is away."""
    try:
        beginning = services.signing_in.begin(after)
    except HttpProblem as problem:
        return _back(problem, local(after))
    answer = RedirectResponse(beginning.address, status_code=303)
    cookies.begin(request, answer, beginning.begun)
    return answer


@router.get("/callback", dependencies=[InTurn])
def callback(request: Request, services: Provided, code: str = "", state: str = "") -> Response:
    """Back from the identity provider: on to where the person came from, or what went wrong."""
    begun = cookies.taken(request, cookies.BEGUN)
    try:
        session, after = services.signing_in.returned(code, state, begun)
    except RefusedError:
        answer: Response = RedirectResponse("/sign-in?problem=refused", status_code=303)
    except HttpProblem as problem:
        answer = _back(problem, "/")
    else:
        answer = RedirectResponse(after, status_code=303)
        cookies.sign_in(request, answer, session.token, session.kept)
    cookies.forget(request, answer, cookies.BEGUN)
    return answer


def _back(problem: HttpProblem, after: str) -> Response:
    """To the page that signs in: a person is here, and no script that reads a problem."""
    if problem.status != HTTPStatus.SERVICE_UNAVAILABLE:
        raise problem
    query = urlencode({"problem": "away", "after": after})
    return RedirectResponse(f"/sign-in?{query}", status_code=HTTPStatus.SEE_OTHER)


@router.get("/name")
def name(request: Request, services: Provided) -> str:
    """A name to suggest to somebody who is here for the first time."""
    return services.signing_in.suggested_name(cookies.taken(request, cookies.KEPT))


@router.post("/development", dependencies=[FromAPage])
def development(
    body: ChosenName, request: Request, response: Response, services: Provided
) -> PageSession:
    """Sign in as a chosen name; there is no such page outside development."""
    session = services.signing_in.chosen(body.name, str(request.url))
    return _signed_in(request, response, session)


@router.post("/renew", dependencies=[FromAPage, InTurn], response_model=None)
def renew(request: Request, response: Response, services: Provided) -> PageSession | Response:
    """Go on with the session for a while; 204 when nobody is signed in."""
    kept = cookies.taken(request, cookies.KEPT)
    session = services.signing_in.renewed(kept, services.users.signed_out_at_ms)
    if session is None:
        nobody = Response(status_code=204)
        cookies.forget(request, nobody, COOKIE, cookies.KEPT)
        return nobody
    return _signed_in(request, response, session)


@router.post("/out", dependencies=[FromAPage])
async def out(request: Request, response: Response, services: Provided) -> Leave:
    """This browser forgets its session, and the provider takes back what renewed it.

    Nothing is taken back while too many wait for the provider; the browser forgets all the same.
    """
    leave = ""
    with suppress(BusyError):
        async with _turn(request, services):
            kept = cookies.taken(request, cookies.KEPT)
            leave = await run_in_threadpool(services.signing_in.end, kept)
    cookies.forget(request, response, COOKIE, cookies.KEPT, cookies.BEGUN)
    return Leave(address=leave)


def _signed_in(request: Request, response: Response, session: SignedIn) -> PageSession:
    cookies.sign_in(request, response, session.token, session.kept)
    return PageSession(user_id=session.user, good_for_s=session.good_for_s)

"""Routes of signing in. The answers set cookies and never show a token."""

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict

from adapters.http.page_sessions import COOKIE, PAGE_HEADER, not_from_a_page
from api.dependencies import Provided
from api.signing_in import cookies
from api.signing_in.service import SignedIn
from schemas.ids import UserId


def _from_a_page(request: Request) -> None:
    """HttpProblem 403 when another site made the browser send this: it must sign nobody in."""
    if PAGE_HEADER not in request.headers:
        raise not_from_a_page()


router = APIRouter(prefix="/auth", include_in_schema=False)
FromAPage = Depends(_from_a_page)


class ChosenName(BaseModel):
    """`POST /auth/development`."""

    model_config = ConfigDict(extra="forbid")
    name: str


class Ways(BaseModel):
    """Ways to sign in here."""

    provider: bool
    development: bool


class Session(BaseModel):
    """The person who is signed in, and in how many seconds to renew the session."""

    user_id: UserId
    good_for_s: int


@router.get("/ways")
def ways(services: Provided) -> Ways:
    """How people sign in here."""
    return Ways(provider=False, development=services.signing_in.is_development)


@router.post("/development", dependencies=[FromAPage])
def development(
    body: ChosenName, request: Request, response: Response, services: Provided
) -> Session:
    """Sign in as a chosen name; there is no such page outside development."""
    return _told(request, response, services.signing_in.chosen(body.name))


@router.post("/renew", dependencies=[FromAPage], response_model=None)
def renew(request: Request, response: Response, services: Provided) -> Session | Response:
    """Go on with the session for a while; 204 when nobody is signed in."""
    session = services.signing_in.renewed(cookies.taken(request, cookies.KEPT))
    if session is None:
        return Response(status_code=204)
    return _told(request, response, session)


@router.post("/out", status_code=204, dependencies=[FromAPage])
def out(request: Request, response: Response) -> None:
    """This browser forgets its session."""
    cookies.forget(request, response, COOKIE, cookies.KEPT, cookies.BEGUN)


def _told(request: Request, response: Response, session: SignedIn) -> Session:
    cookies.sign_in(request, response, session.token, session.kept)
    return Session(user_id=session.user, good_for_s=session.good_for_s)

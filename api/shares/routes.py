"""Routes of share cards: the caller's own, and those behind a link, which need no token."""

from html import escape
from pathlib import Path as FilePath
from string import Template
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from adapters.http.fields import AskedChoice
from adapters.http.problems import Responses
from api.dependencies import CurrentUser, IfNoneMatch, Period, Provided, Services, days_of
from api.etags import etag_of, is_current, version_of
from api.read_slots import ReadRoute
from api.shares.models import ShareLinks
from api.texts import ENGLISH, Language, say

Shape = Literal["story", "square", "wide"]
Format = Annotated[Literal["svg", "png"], Query(alias="format")]
PICTURES: Responses = {
    200: {"description": "A picture", "content": {"image/svg+xml": {}, "image/png": {}}},
    304: {"description": "The caller has the current picture"},
}
PAGE: Responses = {200: {"description": "A page", "content": {"text/html": {}}}}
Secret = Annotated[str, Path(pattern="^[a-z2-7]{26}$")]
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self'; style-src 'self'; font-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
}
TEMPLATE = Template(FilePath(__file__).with_name("page.html").read_text())
router = APIRouter(prefix="/v1/users/me", tags=["users"], route_class=ReadRoute)
shared = APIRouter(prefix="/share/{secret}", tags=["shared cards"], route_class=ReadRoute)


@router.get("/wrapped/card", response_class=Response, responses=PICTURES)
def own_card(
    user: CurrentUser,
    services: Provided,
    period: Period = "year",
    shape: Shape = "story",
    form: Format = "svg",
    name: AskedChoice = False,
    language: Language = ENGLISH,
    if_none_match: IfNoneMatch = "",
) -> Response:
    """The caller's Wrapped as a picture to pass on; names nobody unless asked to."""
    days = days_of(period, services)
    card = services.shares.own(user, period, days, show_name=name)
    return _picture(services, card.svg(shape, language), form, if_none_match)


@router.get("/shares")
def shares(
    user: CurrentUser,
    services: Provided,
) -> ShareLinks:
    """The caller's links that are not revoked."""
    return services.shares.links(user)


@shared.get("", response_class=Response, responses=PAGE)
def page(
    secret: Secret,
    services: Provided,
    request: Request,
) -> Response:
    """The card with its words, and the preview that a messenger shows of the link.

    Messengers ask for the picture by a whole address: they know no page that it is relative to.
    The address changes with the picture: they keep what they had of an address.
    """
    shown = services.shares.behind(secret)
    language = _language(request.headers.get("accept-language", ""))
    html = TEMPLATE.substitute(
        secret=secret,
        title=escape(shown.title(language)),
        alt=escape(shown.alt(language)),
        address=escape(str(request.url.replace(query=""))),
        version=version_of(shown.svg("wide", ENGLISH)),
        own=escape(say("card.own", language=language)),
        language=language,
    )
    return Response(html, media_type="text/html", headers=HEADERS)


@shared.get("/card", response_class=Response, responses=PICTURES)
def card(
    secret: Secret,
    services: Provided,
    shape: Shape = "wide",
    form: Format = "png",
    language: Language = ENGLISH,
    if_none_match: IfNoneMatch = "",
) -> Response:
    """The card."""
    svg = services.shares.behind(secret).svg(shape, language)
    return _picture(services, svg, form, if_none_match)


def _language(accepted: str) -> Language:
    """The first that the visitor wants, if the pages speak it."""
    return "zh" if accepted.lower().startswith("zh") else ENGLISH


def _picture(
    services: Services, svg: str, form: Literal["svg", "png"], if_none_match: str
) -> Response:
    """The picture; 304 when the caller has it, for which nothing is drawn."""
    etag = etag_of(f"{form} {svg}".encode())
    headers = {**HEADERS, "ETag": etag}
    if is_current(if_none_match, etag):
        return Response(status_code=304, headers=headers)
    if form == "svg":
        return Response(svg, media_type="image/svg+xml", headers=headers)
    return Response(services.shares.png(svg), media_type="image/png", headers=headers)

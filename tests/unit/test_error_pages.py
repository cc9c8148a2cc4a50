"""Whatever is away, people who open an address read a page in words, and scripts a problem."""

import asyncio
import re
from collections.abc import Iterable, Iterator
from http import HTTPStatus

import httpx
import pytest
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from adapters.http.problems import HttpProblem
from adapters.http.turns import BusyError
from adapters.process.retry import TransientError
from api.app import build
from api.pages.files import FILES, PAGES
from api.sessions.bounded_objects import StoreAwayError
from tests.read_side import PARTS, Caller, Failing

OPENED = {
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Sec-Fetch-Mode": "navigate",
}
"""As a browser asks for an address that somebody opened."""
SCRIPT = {"Accept": "*/*", "Sec-Fetch-Mode": "cors"}
GIVEN = {
    "{secret}": "a" * 26,
    "{session_id}": "019abcde-0000-7000-8000-00000000000a",
    "{group_id}": "019abcde-0000-7000-8000-00000000000b",
    "{request_id}": "019abcde-0000-7000-8000-00000000000c",
    "{speaker}": "S1",
    "{name}": "nothing",
    "{at}": "0123456789abcdef",
    "{folder}": "site",
}
SHARE = f"/share/{'a' * 26}"


class Away:
    """All services, and all parts of them: nothing can be asked."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> "Away":
        return self

    def __call__(self, *_: object, **__: object) -> None:
        raise self._error


ASKS_NOBODY = {"/auth/ways"}


def addresses() -> list[str]:
    """Every address of the read side that a browser can open."""
    return sorted({_filled(one) for one in _templates(build().routes)} - ASKS_NOBODY)


def _filled(template: str) -> str:
    return re.sub(r"\{\w+\}", lambda place: GIVEN[place.group()], template)


def _templates(routes: Iterable[BaseRoute]) -> Iterator[str]:
    for route in routes:
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()):
            yield route.path
        elif router := getattr(route, "original_router", None):
            yield from _templates(router.routes)


@pytest.fixture(scope="module", params=[TransientError, StoreAwayError, BusyError])
def caller(request: pytest.FixtureRequest) -> Caller:
    return Caller(**dict.fromkeys(PARTS, Away(request.param("away"))))


@pytest.mark.parametrize("address", addresses())
def test_no_address_that_people_open_answers_a_problem(address: str, caller: Caller) -> None:
    opened, asked = (caller.get(address, headers) for headers in (OPENED, SCRIPT))
    assert "problem" not in opened.headers.get("Content-Type", "")
    if opened.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        assert "/site/away.js" in opened.text
        assert int(opened.headers["Retry-After"]) > 0
        assert opened.headers["Content-Security-Policy"]
        assert asked.headers["Content-Type"] == "application/problem+json"
    else:
        assert opened.status_code in {200, 303, 404, 422}


@pytest.mark.parametrize(
    ("address", "status", "script"),
    [
        (SHARE, 503, "away"),
        (f"{SHARE}/card", 503, "away"),
        ("/v1/users/me/data", 503, "away"),
        ("/share/no-secret", 422, "not-found"),
        ("/no-such-page", 404, "not-found"),
    ],
)
def test_the_page_is_the_one_of_its_failure(address: str, status: int, script: str) -> None:
    caller = Caller(**dict.fromkeys(PARTS, Failing(TransientError("away"))))
    answer = caller.get(address, OPENED)
    assert (answer.status_code, answer.headers["Content-Type"]) == (
        status,
        "text/html; charset=utf-8",
    )
    assert f"/site/{script}.js" in answer.text


def test_an_old_browser_that_does_not_say_how_it_asks_reads_the_page_too() -> None:
    caller = Caller(shares=Failing(TransientError("away")))
    assert "/site/away.js" in caller.get(SHARE, {"Accept": "text/html"}).text


def test_a_fault_of_ours_is_a_page_and_still_logged() -> None:
    caller = Caller(shares=Failing(ZeroDivisionError()))

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=caller.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://api") as asking:
            return await asking.get(SHARE, headers=OPENED)

    answer = asyncio.run(ask())
    assert (answer.status_code, "/site/away.js" in answer.text) == (500, True)
    with pytest.raises(ZeroDivisionError):
        caller.get(SHARE, OPENED)


def test_somebody_who_is_not_signed_in_goes_to_sign_in_and_comes_back() -> None:
    refused = HttpProblem(401, "unauthorised", "Who is calling?", "Sign in.")
    answer = Caller(users=Failing(refused)).get("/v1/users/me/trends?limit=3", OPENED)
    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert answer.headers["Location"] == ("/sign-in?after=%2Fv1%2Fusers%2Fme%2Ftrends%3Flimit%3D3")


def test_a_picture_in_a_page_that_cannot_be_drawn_is_no_page() -> None:
    caller = Caller(shares=Failing(TransientError("away")))
    picture = {"Accept": "image/avif,image/*", "Sec-Fetch-Mode": "no-cors"}
    answer = caller.get(f"{SHARE}/card", picture)
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_pages_that_need_nobody_open_while_everything_is_away() -> None:
    caller = Caller(**dict.fromkeys(PARTS, Failing(TransientError("away"))))
    for address in FILES:
        assert caller.get(address, OPENED).status_code == HTTPStatus.OK, address


@pytest.mark.parametrize("address", [one for one in PAGES if one != "/"])
def test_a_page_whose_address_was_typed_with_a_slash_is_found(address: str) -> None:
    answer = Caller().get(f"{address}/?period=week")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"{address}?period=week",
    )


def test_no_other_address_leads_elsewhere() -> None:
    """Before, a part of a path that was left out led a change to the address without it."""
    assert Caller().get("/v1/sessions/").status_code == 404

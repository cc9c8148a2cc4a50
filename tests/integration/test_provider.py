"""Signing in at a real OpenID provider: forms are filled in as a person does, over real HTTP."""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from adapters.http.page_sessions import PAGE_HEADER
from adapters.http.problems import HttpProblem
from adapters.http.tokens import UserTokens
from adapters.settings import Settings
from adapters.warehouse import R
from api.app import build
from api.dependencies import provide
from api.main import services
from api.signing_in.provider import RefusedError
from api.signing_in.service import SigningIn
from api.users.queries import SIGNED_OUT
from deploy.prepare import credentials
from tests.identity_provider import CLIENT, identity_provider

HOME = "http://127.0.0.1:18499"
"""Nobody listens there: the test itself is the browser, and takes what comes back to it."""
OURS = {PAGE_HEADER: "1"}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The provider's issuer."""
    with identity_provider(HOME) as issuer:
        yield issuer


@pytest.fixture
def settings(provider: str, tmp_path: Path) -> Settings:
    credentials.ensure(tmp_path)
    return Settings(
        data_dir=tmp_path,
        environment="production",
        oidc_issuer=provider,
        oidc_client_id=CLIENT,
        page_origin=HOME,
    )


class NoRows:
    """Stands for a warehouse that knows nobody yet. An aggregate has a row all the same."""

    def query(self, sql: str, parameters: Any = None, *, row: type[R]) -> list[R]:
        return [row(signed_out_at_ms=0)] if sql == SIGNED_OUT else []


class Browser:
    """One browser: our side in this process, the provider over HTTP, cookies for both."""

    def __init__(self, settings: Settings) -> None:
        app = build()
        given: Any = None
        door = SigningIn(settings)
        provide(app, services(NoRows(), given, UserTokens(settings), door, given, given))
        transport = httpx.ASGITransport(app=app)
        self.ours = httpx.AsyncClient(transport=transport, base_url=HOME)
        self.theirs = httpx.Client(timeout=60)

    def get(self, address: str) -> httpx.Response:
        return asyncio.run(self.ours.get(address))

    def post(self, path: str) -> httpx.Response:
        return asyncio.run(self.ours.post(path, headers=OURS))

    def sign_in(self, login: str, after: str = "/wrapped?period=month") -> httpx.Response:
        """Through the provider's pages; returns the answer of our callback."""
        return self.get(self.to_callback(login, after))

    def to_callback(self, login: str, after: str = "/") -> str:
        begun = asyncio.run(self.ours.get("/auth/begin", params={"after": after}))
        shown = self._follow(begun.headers["Location"])
        while isinstance(shown, httpx.Response):
            shown = self._filled_in(shown.text, login)
        return shown

    def _follow(self, address: str) -> httpx.Response | str:
        answer = self.theirs.get(address)
        while answer.is_redirect:
            following = str(answer.url.join(answer.headers["Location"]))
            if following.startswith(HOME):
                return following
            answer = self.theirs.get(following)
        return answer

    def _filled_in(self, page: str, login: str) -> httpx.Response | str:
        form = re.search(r'<form[^>]* action="([^"]+)"', page)
        assert form, page
        given = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        answer = self.theirs.post(form.group(1), data={**given, "login": login, "password": "x"})
        return self._follow(str(answer.url.join(answer.headers["Location"])))


def test_somebody_signs_in_and_goes_on_where_they_were(settings: Settings) -> None:
    browser = Browser(settings)
    assert browser.get("/auth/ways").json() == {"provider": True, "development": False}
    answer = browser.sign_in("alice")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/wrapped?period=month")
    assert set(browser.ours.cookies) == {"lah", "lah-kept"}
    assert browser.get("/auth/name").json() == "Alice Tan"
    assert browser.post("/auth/renew").json()["user_id"] == "alice"


def test_no_token_is_in_an_address(settings: Settings) -> None:
    browser = Browser(settings)
    callback = browser.to_callback("alice")
    assert set(parse_qs(urlsplit(callback).query)) == {"code", "state", "iss"}
    assert urlsplit(browser.get(callback).headers["Location"]).query == ""


def test_a_code_is_good_once_and_in_the_browser_that_asked_for_it(settings: Settings) -> None:
    browser = Browser(settings)
    other = Browser(settings)
    callback = browser.to_callback("alice")
    assert other.get(callback).headers["Location"] == "/sign-in?problem=refused"
    assert browser.get(callback).headers["Location"] == "/"
    assert browser.get(callback).headers["Location"] == "/sign-in?problem=refused"


@pytest.mark.parametrize("damage", ["state=x", "code=x"])
def test_a_way_back_that_was_changed_signs_nobody_in(settings: Settings, damage: str) -> None:
    browser = Browser(settings)
    name = damage.partition("=")[0]
    callback = re.sub(rf"{name}=[^&]*", damage, browser.to_callback("alice"))
    assert browser.get(callback).headers["Location"] == "/sign-in?problem=refused"
    assert not browser.ours.cookies


def test_a_recording_of_hours_outlives_many_tokens(settings: Settings) -> None:
    browser = Browser(settings)
    browser.sign_in("bob")
    kept = set()
    for _ in range(18):  # three hours of ten minutes each
        assert browser.post("/auth/renew").json()["user_id"] == "bob"
        kept.add(browser.ours.cookies["lah-kept"])
    assert len(kept) == 18


def test_tabs_that_renew_at_once_and_a_lost_answer_end_no_session(settings: Settings) -> None:
    door = SigningIn(settings)
    kept = _kept(settings)
    with ThreadPoolExecutor(4) as tabs:
        renewed = list(tabs.map(door.renewed, [kept] * 4))
    assert all(renewed)
    assert door.renewed(kept) is not None  # its answer never came: the browser asks once more
    last = renewed[0]
    assert last is not None
    assert door.renewed(last.kept) is not None


def test_signing_out_ends_what_renews_the_session(settings: Settings) -> None:
    browser = Browser(settings)
    browser.sign_in("alice")
    kept = browser.ours.cookies["lah-kept"]
    address = browser.post("/auth/out").json()["address"]
    assert address.startswith(f"{settings.oidc_issuer}/session/end?")
    assert f"post_logout_redirect_uri={HOME.replace(':', '%3A').replace('/', '%2F')}" in address
    assert not browser.ours.cookies
    assert SigningIn(settings).renewed(kept) is None  # also who copied the cookie


def test_a_provider_that_is_away_ends_no_session(settings: Settings) -> None:
    kept = _kept(settings)
    gone = settings.model_copy(update={"oidc_issuer": HOME})
    with pytest.raises(HttpProblem) as problem:
        SigningIn(gone).renewed(kept)
    assert (problem.value.status, problem.value.extras["retryable"]) == (503, True)
    assert SigningIn(settings).renewed(kept) is not None


def test_an_id_token_of_another_client_signs_nobody_in(settings: Settings) -> None:
    browser = Browser(settings)
    callback = browser.to_callback("alice")
    query = parse_qs(urlsplit(callback).query)
    other = settings.model_copy(update={"oidc_client_id": "somebody-else"})
    with pytest.raises(RefusedError):
        SigningIn(other).returned(
            query["code"][0], query["state"][0], browser.ours.cookies["lah-begun"]
        )


def _kept(settings: Settings) -> str:
    browser = Browser(settings)
    browser.sign_in("alice")
    return str(browser.ours.cookies["lah-kept"])

"""Signing in for pages: cookies that no script reads, and requests that no other site makes."""

import asyncio
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from fastapi import FastAPI, Request

from adapters.http.page_sessions import PAGE_HEADER, SIGNED_IN_S, PageSessions
from adapters.http.tokens import UserTokens
from adapters.process.clock import unix_ms
from adapters.settings import Settings
from adapters.warehouse import R
from api.app import build
from api.dependencies import CurrentUser, provide
from api.main import services
from api.signing_in.cookies import BEGUN, KEPT_S
from api.signing_in.seal import Begun, KeptSignIn, Seal
from api.signing_in.service import WITHOUT_REFRESH_MS, SigningIn
from deploy.prepare import credentials
from schemas.ids import UserId
from schemas.limits import JSON_BYTES, USER_ID

OURS = {PAGE_HEADER: "1"}
HERE = "http://127.0.0.1:18406/auth/development"


class Clock:
    """Unix milliseconds that a test moves."""

    now_ms = 1_800_000_000_000

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    credentials.ensure(tmp_path)
    return Settings(data_dir=tmp_path)


def app_of(settings: Settings) -> FastAPI:
    """The read side with a route that changes something, and says who did it."""
    app = build()
    tokens = UserTokens(settings)
    given: Any = None
    rows = Rows()
    app.state.rows = rows
    provide(app, services(rows, given, tokens, SigningIn(settings), given, given))

    @app.post("/v1/me")
    @app.get("/v1/me")
    def me(user: CurrentUser) -> str:
        return user

    return app


class Browser:
    """Keeps cookies, and sends them by their rules."""

    def __init__(self, app: FastAPI, origin: str) -> None:
        transport = httpx.ASGITransport(app=app)
        self._client = httpx.AsyncClient(transport=transport, base_url=origin)
        self.cookies = self._client.cookies

    def get(self, path: str) -> httpx.Response:
        return asyncio.run(self._client.get(path))

    def post(self, path: str, **given: Any) -> httpx.Response:
        return asyncio.run(self._client.post(path, **given))


class Rows:
    """Stands for the warehouse: when the person signed out everywhere."""

    signed_out_at_ms = 0

    def query(self, sql: str, parameters: Any = None, *, row: type[R]) -> list[R]:
        return [msgspec.convert({"signed_out_at_ms": self.signed_out_at_ms}, row)]


def browser(settings: Settings, origin: str = "https://lah.example") -> Browser:
    return Browser(app_of(settings), origin)


def signed_in(client: Browser, name: str = "mei") -> httpx.Response:
    return client.post("/auth/development", json={"name": name}, headers=OURS)


def test_a_page_is_signed_in_by_a_cookie(settings: Settings) -> None:
    client = browser(settings)
    answer = signed_in(client)
    assert answer.json() == {"user_id": "mei", "good_for_s": SIGNED_IN_S}
    assert client.get("/v1/me").json() == "mei"
    assert client.post("/v1/me", headers=OURS).json() == "mei"


@pytest.mark.parametrize(
    ("origin", "names"),
    [
        ("https://lah.example", {"__Host-lah": "/", "__Secure-lah-kept": "/auth"}),
        ("http://127.0.0.1:18406", {"lah": "/", "lah-kept": "/auth"}),
    ],
)
def test_no_script_and_no_other_site_gets_at_the_cookies(
    settings: Settings, origin: str, names: dict[str, str]
) -> None:
    told = signed_in(browser(settings, origin)).headers.get_list("set-cookie")
    kept = {name: value for line in told for name, value in SimpleCookie(line).items()}
    assert {name: one["path"] for name, one in kept.items()} == names
    for one in kept.values():
        assert (one["httponly"], one["samesite"], one["domain"]) == (True, "strict", "")
        assert bool(one["secure"]) == origin.startswith("https")


@pytest.mark.parametrize("path", ["/v1/me", "/auth/renew", "/auth/out", "/auth/development"])
def test_what_another_site_lets_a_browser_send_changes_nothing(
    settings: Settings, path: str
) -> None:
    client = browser(settings)
    signed_in(client)
    answer = client.post(path, json={"name": "eve"}, headers={"Origin": "https://evil.example"})
    assert (answer.status_code, answer.json()["type"]) == (403, "not-from-a-page")
    assert "access-control-allow-origin" not in answer.headers
    assert client.get("/v1/me").json() == "mei"


def test_a_session_is_renewed_until_its_person_signs_out(settings: Settings) -> None:
    client = browser(settings)
    assert client.post("/auth/renew", headers=OURS).status_code == 204
    signed_in(client)
    assert client.post("/auth/renew", headers=OURS).json()["user_id"] == "mei"
    assert client.post("/auth/out", headers=OURS).json() == {"address": ""}
    assert not client.cookies
    assert client.post("/auth/renew", headers=OURS).status_code == 204
    assert client.get("/v1/me").status_code == 401


def test_a_token_is_good_for_its_time(settings: Settings) -> None:
    clock = Clock()
    pages = PageSessions(settings, clock)
    token = pages.sign(UserId("mei"))
    asked = Request({"type": "http", "method": "GET", "headers": []})
    clock.now_ms += SIGNED_IN_S * 1000 - 1
    assert pages.user(asked, token) == "mei"
    clock.now_ms += 1
    assert pages.user(asked, token) is None


def test_a_browser_that_nobody_used_for_long_signs_in_again(settings: Settings) -> None:
    clock = Clock()
    door = SigningIn(settings, clock)
    kept = door.chosen("mei", HERE).kept
    clock.now_ms += KEPT_S * 1000
    assert door.renewed(kept) is not None
    clock.now_ms += 1000
    assert door.renewed(kept) is None


def test_a_browser_whose_session_is_over_ends_no_other_of_its_person(settings: Settings) -> None:
    """Without refresh tokens all browsers of a person renew alike."""
    clock = Clock()
    changed = {"oidc_issuer": "http://127.0.0.1:9", "environment": "production"}
    door = SigningIn(settings.model_copy(update=changed), clock)
    seal = Seal(settings.session_secret.get_secret_value())

    def signed_in_now() -> str:
        kept = KeptSignIn(user=UserId("mei"), since_ms=clock())
        return seal.closed(kept, clock() // 1000)

    old = signed_in_now()
    clock.now_ms += WITHOUT_REFRESH_MS
    new = signed_in_now()
    assert door.renewed(old) is None
    assert door.renewed(new) is not None
    assert door.renewed(old) is None


def test_signing_out_everywhere_ends_the_sessions_that_began_before(settings: Settings) -> None:
    app = app_of(settings)
    here, there = (Browser(app, "http://127.0.0.1") for _ in range(2))
    signed_in(here)
    signed_in(there)
    app.state.rows.signed_out_at_ms = unix_ms()
    for one in (here, there):
        assert one.post("/auth/renew", headers=OURS).status_code == 204
        assert not one.cookies
    app.state.rows.signed_out_at_ms -= 1
    signed_in(here)
    assert here.post("/auth/renew", headers=OURS).status_code == 200


@pytest.mark.parametrize("damage", ["", "x", "gAAAAA", "é"])
def test_a_cookie_that_is_not_ours_signs_nobody_in(settings: Settings, damage: str) -> None:
    assert SigningIn(settings).renewed(damage) is None


def test_a_cookie_of_another_installation_is_not_ours(settings: Settings, tmp_path: Path) -> None:
    credentials.ensure(tmp_path / "other")
    other = SigningIn(Settings(data_dir=tmp_path / "other")).chosen("mei", HERE)
    assert SigningIn(settings).renewed(other.kept) is None
    client = browser(settings, "http://x")
    client.cookies.set("lah", other.token)
    assert client.get("/v1/me").status_code == 401


@pytest.mark.parametrize("name", ["", " ", "x" * (USER_ID.most + 1), "a\nb"])
def test_a_name_that_is_none_is_refused_in_words(settings: Settings, name: str) -> None:
    answer = signed_in(browser(settings), name)
    assert answer.status_code == 422
    assert "user's id" in answer.json()["detail"]


def test_a_body_that_is_too_large_is_not_read(settings: Settings) -> None:
    """Before, anybody could make the read side parse one of any size."""
    answer = signed_in(browser(settings), "x" * JSON_BYTES.most)
    assert (answer.status_code, answer.json()["type"]) == (413, "body-too-large")


def test_outside_development_nobody_signs_in_by_a_name(settings: Settings) -> None:
    production = settings.model_copy(update={"environment": "production"})
    client = browser(production)
    assert client.get("/auth/ways").json() == {"provider": False, "development": False}
    assert signed_in(client).status_code == 404
    assert not client.cookies


@pytest.mark.parametrize(
    ("way", "after"),
    [("/auth/begin?after=/record", "%2Frecord"), ("/auth/callback?code=c&state=s", "%2F")],
)
def test_a_provider_that_is_away_is_told_on_a_page(
    settings: Settings, way: str, after: str
) -> None:
    nobody = settings.model_copy(update={"oidc_issuer": "http://127.0.0.1:9"})
    client = browser(nobody, "http://lah.example")
    begun = Begun(state="s", nonce="n", verifier="v", after="/record")
    seal = Seal(settings.session_secret.get_secret_value())
    client.cookies.set(BEGUN, seal.closed(begun, unix_ms() // 1000))
    answer = client.get(way)
    place = f"/sign-in?problem=away&after={after}"
    assert (answer.status_code, answer.headers.get("Location")) == (303, place)

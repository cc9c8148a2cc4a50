"""No cookie is longer than browsers keep: they drop a longer one without a word."""

import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import Request, Response

from adapters.http.page_sessions import PageSessions
from adapters.process.clock import unix_ms
from adapters.settings import Settings
from api.signing_in import cookies
from api.signing_in.cookies import MOST_VALUE
from api.signing_in.seal import Begun, KeptSignIn, Seal
from api.signing_in.service import MOST_AFTER, WITHOUT_REFRESH_MS, SigningIn, local
from deploy.prepare import credentials
from schemas.ids import UserId, user_id_of
from schemas.limits import NAME, USER_ID
from tests.issuer import CLIENT, NONCE, Issuer, issuing, signed
from tests.unit.test_signing_in import Clock

WIDEST = "𠮷"
"""Of the longest signs in UTF-8, and longer still in JSON of ASCII alone."""


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing() as found:
        yield found


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    credentials.ensure(tmp_path)
    return Settings(data_dir=tmp_path)


@pytest.mark.parametrize("characters", [100, 4_000])
def test_who_has_a_long_refresh_token_stays_signed_in(
    settings: Settings,
    issuer: Issuer,
    characters: int,
) -> None:
    """Before, their browser had no cookie that renews, and they were out after ten minutes."""
    clock = Clock()
    clock.now_ms = unix_ms()
    issuer.status = 200
    tokens = {"id_token": signed(issuer), "refresh_token": "r" * characters}
    issuer.granted = json.dumps(tokens).encode()
    changed = {"oidc_issuer": issuer.url, "oidc_client_id": CLIENT}
    door = SigningIn(settings.model_copy(update=changed), clock)
    seal = Seal(settings.session_secret.get_secret_value())
    begun = Begun(state="s", nonce=NONCE, verifier="v", after="/")
    came, _ = door.returned("code", "s", seal.closed(begun, clock() // 1000))
    assert len(came.kept) <= MOST_VALUE
    clock.now_ms += WITHOUT_REFRESH_MS - 1
    renewed = door.renewed(came.kept)
    assert renewed is not None
    assert len(renewed.kept) <= MOST_VALUE


def test_a_refresh_token_that_grows_too_long_ends_no_session(
    settings: Settings, issuer: Issuer
) -> None:
    """Before, it ended within minutes: its twelve hours counted from the day it began."""
    clock = Clock()
    clock.now_ms = unix_ms() + 2 * WITHOUT_REFRESH_MS
    issuer.status = 200
    issuer.granted = json.dumps({"refresh_token": "r" * 4_000}).encode()
    changed = {"oidc_issuer": issuer.url, "oidc_client_id": CLIENT}
    door = SigningIn(settings.model_copy(update=changed), clock)
    began = KeptSignIn(user=UserId("mei"), since_ms=unix_ms(), refresh_token="r" * 100)
    seal = Seal(settings.session_secret.get_secret_value())
    grown = door.renewed(seal.closed(began, clock() // 1000))
    assert grown is not None
    clock.now_ms += WITHOUT_REFRESH_MS - 1
    renewed = door.renewed(grown.kept)
    assert renewed is not None
    assert door.renewed(renewed.kept, lambda _: began.since_ms) is None  # signed out everywhere
    clock.now_ms += 1
    assert door.renewed(renewed.kept) is None


def test_no_other_cookie_can_be_too_long(settings: Settings) -> None:
    seal = Seal(settings.session_secret.get_secret_value())
    user = user_id_of(WIDEST * USER_ID.most)
    kept = KeptSignIn(user=user, since_ms=unix_ms(), left_out_ms=unix_ms(), name=WIDEST * NAME.most)
    secret = secrets.token_urlsafe(32)
    after = local("/" + WIDEST * (MOST_AFTER - 1))
    assert after != "/"
    begun = Begun(state=secret, nonce=secret, verifier=secret, after=after)
    values = [seal.closed(one, unix_ms() // 1000) for one in (kept, begun)]
    assert max(map(len, [*values, PageSessions(settings).sign(user)])) <= MOST_VALUE


def test_a_cookie_that_browsers_would_drop_is_a_defect() -> None:
    request = Request({"type": "http", "scheme": "http", "headers": [], "server": ("x", 80)})
    with pytest.raises(ValueError, match="lah-begun"):
        cookies.begin(request, Response(), "x" * (MOST_VALUE + 1))

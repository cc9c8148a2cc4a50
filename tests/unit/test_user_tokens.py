"""Users' tokens: who signed them, for whom, until when, and about which user."""

import base64
import json
from pathlib import Path
from typing import Any

import jwt
import pytest

from adapters.http.signing import ALGORITHM, sign_user
from adapters.http.tokens import LEEWAY_S, UserTokens
from adapters.settings import Settings
from schemas.ids import user_id_of
from schemas.limits import USER_ID
from tests.signed_tokens import KEY, OTHER_KEY, caller, claims, jwks, now_s, signed, status


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps(jwks(one=KEY)))
    return Settings(token_keys=str(file))


def test_a_good_token_names_its_user(settings: Settings) -> None:
    assert caller(settings, signed(claims())) == "mei"
    assert caller(settings, signed(claims(sub="google-oauth2|1 2"))) == "google-oauth2|1 2"
    assert caller(settings, signed(claims(sub="x" * USER_ID.most))) == "x" * USER_ID.most


BAD_USERS = ["", " ", "\t", "mei ", "\n mei", "a\x00b", "\x1f", "\u200b", "\u00a0", "x" * 129]


@pytest.mark.parametrize("sub", [*BAD_USERS, 7, ["mei"], {"mei": 1}, True, None], ids=repr)
def test_a_token_without_a_user_is_nobodys(settings: Settings, sub: Any) -> None:
    assert status(settings, signed_as(claims(sub=sub))) == 401


def signed_as(given: dict[str, Any]) -> str:
    """Signed by hand: the library refuses to sign a subject that is no text."""
    head = {"alg": ALGORITHM, "kid": "one", "typ": "JWT"}
    parts = [encoded(json.dumps(part).encode()) for part in (head, given)]
    return ".".join([*parts, encoded(KEY.sign(".".join(parts).encode()))])


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@pytest.mark.parametrize("user", BAD_USERS, ids=repr)
def test_nobody_signs_for_such_a_user(tmp_path: Path, user: str) -> None:
    with pytest.raises(ValueError, match="user's id"):
        user_id_of(user)
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "token_signing_key.pem").write_text("not read")
    with pytest.raises(ValueError, match="user's id"):
        sign_user(Settings(data_dir=tmp_path), user, 60)


@pytest.mark.parametrize("ahead_s", [30, LEEWAY_S - 5])
def test_the_identity_servers_clock_may_be_ahead(settings: Settings, ahead_s: int) -> None:
    then = now_s() + ahead_s
    assert caller(settings, signed(claims(iat=then, nbf=then))) == "mei"


def test_its_clock_may_be_behind(settings: Settings) -> None:
    assert caller(settings, signed(claims(exp=now_s() - LEEWAY_S + 5))) == "mei"


@pytest.mark.parametrize(
    "changes",
    [
        {"iat": 2 * LEEWAY_S},
        {"nbf": 2 * LEEWAY_S},
        {"exp": -2 * LEEWAY_S},
    ],
    ids=repr,
)
def test_but_not_by_more(settings: Settings, changes: dict[str, int]) -> None:
    moved = {name: now_s() + by_s for name, by_s in changes.items()}
    assert status(settings, signed(claims(**moved))) == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": None},
        {"aud": None},
        {"iss": None},
        {"aud": "somebody-else"},
        {"iss": "somebody-else"},
        {"aud": ""},
        {"exp": "soon"},
        {"exp": float("inf")},
        {"exp": float("nan")},
        {"iat": float("inf")},
        {"nbf": float("-inf")},
    ],
    ids=repr,
)
def test_a_token_that_is_not_for_us_or_never_ends(
    settings: Settings, changes: dict[str, Any]
) -> None:
    assert status(settings, signed_as(claims(**changes))) == 401


def forged(algorithm: str, key: Any) -> str:
    """A token of another algorithm."""
    return jwt.encode(claims(), key, algorithm=algorithm, headers={"kid": "one"})


def test_another_algorithm_is_no_signature(settings: Settings) -> None:
    public = KEY.public_key().public_bytes_raw()
    assert status(settings, forged("none", None)) == 401
    assert status(settings, forged("HS256", public)) == 401
    assert status(settings, signed(claims(), OTHER_KEY)) == 401
    assert status(settings, signed(claims(), OTHER_KEY, kid=None)) == 401
    assert status(settings, signed(claims(), kid="two")) == 401


NESTED = "[" * 30_000 + "]" * 30_000


@pytest.mark.parametrize(
    "head",
    [NESTED, f'{{"alg":{NESTED}}}', '{"alg":["EdDSA"],"kid":["one"]}', "null", "[]", '{"alg":1}'],
    ids=lambda head: head[:20],
)
def test_a_head_that_is_none_is_refused_and_no_defect(settings: Settings, head: str) -> None:
    assert status(settings, f"{encoded(head.encode())}.e30.AAAA") == 401


def test_a_key_file_that_is_not_there_is_found_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        UserTokens(Settings(token_keys=str(tmp_path / "no.json")))

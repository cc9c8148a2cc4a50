"""Users' tokens: who signed them, for whom, until when, and about which user."""

import asyncio
import base64
import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import Request

from adapters.http.identity_keys import AGAIN_S, KEYS_S, IdentityKeys, reader
from adapters.http.problems import HttpProblem
from adapters.http.signing import ALGORITHM, sign_user
from adapters.http.tokens import LEEWAY_S, UserTokens
from adapters.process.clock import unix_ms
from adapters.settings import Settings
from schemas.ids import user_id_of
from schemas.limits import USER_ID

KEY = Ed25519PrivateKey.generate()
OTHER_KEY = Ed25519PrivateKey.generate()


def jwks(**keys: Ed25519PrivateKey) -> dict[str, Any]:
    """A key set of the public halves, by key id."""
    algorithm = jwt.algorithms.OKPAlgorithm()
    found = [
        {**json.loads(algorithm.to_jwk(key.public_key())), "kid": kid, "use": "sig"}
        for kid, key in keys.items()
    ]
    return {"keys": found}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps(jwks(one=KEY)))
    return Settings(token_keys=str(file))


def now_s() -> int:
    return unix_ms() // 1000


def claims(**changes: Any) -> dict[str, Any]:
    """Those of a good token, with changes; None leaves one out."""
    given = {
        "sub": "mei",
        "iss": "lahstats",
        "aud": "lahstats",
        "exp": now_s() + 600,
        **changes,
    }
    return {name: value for name, value in given.items() if value is not None}


def signed(given: dict[str, Any], key: Any = KEY, kid: str | None = "one") -> str:
    return jwt.encode(given, key, algorithm=ALGORITHM, headers={"kid": kid} if kid else {})


def caller(settings: Settings, token: str) -> str:
    headers = [(b"authorization", f"Bearer {token}".encode())]
    return asyncio.run(UserTokens(settings).user(Request({"type": "http", "headers": headers})))


def status(settings: Settings, token: str) -> int:
    with pytest.raises(HttpProblem) as problem:
        caller(settings, token)
    return problem.value.status


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
    assert status(settings, signed(claims(), kid=None)) == 401
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


class IdentityServer:
    """The keys of an identity server over HTTP; `keys` None: it fails."""

    def __init__(self) -> None:
        self.keys: dict[str, Any] | None = jwks(one=KEY)
        self.asked = 0
        self._server = HTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/jwks"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked += 1
                body = json.dumps(server.keys).encode()
                self.send_response(500 if server.keys is None else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server() -> Any:
    made = IdentityServer()
    yield made
    made.close()


class Moving:
    """A clock that is moved by hand; seconds."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_keys_come_and_go(server: IdentityServer) -> None:
    clock = Moving()
    keys = IdentityKeys(reader(server.url), clock)
    keys.key("one")
    server.keys = jwks(two=OTHER_KEY)
    clock.now += AGAIN_S
    keys.key("two")
    with pytest.raises(KeyError):
        keys.key("one")
    server.keys = jwks(three=KEY)
    clock.now += KEYS_S
    keys.key("three")
    with pytest.raises(KeyError):
        keys.key("two")


def test_unknown_ids_do_not_make_us_ask_again_and_again(server: IdentityServer) -> None:
    keys = IdentityKeys(reader(server.url), Moving())
    for n in range(50):
        with pytest.raises(KeyError):
            keys.key(f"made-up-{n}")
    assert server.asked == 1


def test_known_keys_stay_good_while_the_server_is_away(server: IdentityServer) -> None:
    clock = Moving()
    keys = IdentityKeys(reader(server.url), clock)
    keys.key("one")
    server.keys = None
    clock.now += 2 * KEYS_S
    keys.key("one")
    assert server.asked == 2


def test_a_server_that_was_never_there_is_no_fault_of_the_caller(server: IdentityServer) -> None:
    server.keys = None
    settings = Settings(token_keys=server.url)
    assert status(settings, signed(claims())) == 503
    server.keys = jwks(one=KEY)
    assert caller(settings, signed(claims())) == "mei"


def test_nobody_who_has_a_key_waits_for_one_that_is_read() -> None:
    keys: list[Callable[[], Any]] = []
    clock = Moving()

    def read() -> jwt.PyJWKSet:
        if keys:
            keys[0]()  # meanwhile, on the thread of somebody else
        return jwt.PyJWKSet.from_dict(jwks(one=KEY))

    made = IdentityKeys(read, clock)
    made.key("one")
    found: list[Any] = []

    def ask() -> None:
        other = Thread(target=lambda: found.append(made.key("one")), daemon=True)
        other.start()
        other.join(10)

    keys.append(ask)
    clock.now += AGAIN_S
    with pytest.raises(KeyError):
        made.key("two")
    assert len(found) == 1

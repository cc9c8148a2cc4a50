"""Keys of an identity server: when they are read again, and what is good while it is away."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event, Thread
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.http.identity_keys import AWAY_S, COOLDOWN_S, KEYS_S, IdentityKeys, Read, reader
from adapters.http.problems import HttpProblem
from adapters.http.signing import ALGORITHM
from adapters.settings import Settings
from deploy.waiting import until
from tests.signed_tokens import KEY, OTHER_KEY, caller, claims, jwks, signed, status

ANY_KEY = Ed25519PrivateKey.generate()


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


def keys_of(read: Read, clock: Moving) -> IdentityKeys:
    """Keys that nobody waits for are read at once here."""
    return IdentityKeys(read, clock, beside=lambda do: do())


def asked(keys: IdentityKeys, kid: str | None, key: Any = KEY) -> dict[str, Any]:
    """The claims of a token of this key and this key id."""
    token = signed(claims(), key, kid)
    return keys.claims(token, algorithms=[ALGORITHM], audience="lahstats", issuer="lahstats")


def without_ids(**keys: Ed25519PrivateKey) -> dict[str, Any]:
    found = jwks(**keys)
    for key in found["keys"]:
        del key["kid"]
    return found


def test_keys_come_and_go(server: IdentityServer) -> None:
    clock = Moving()
    keys = keys_of(reader(server.url), clock)
    asked(keys, "one")
    server.keys = jwks(two=OTHER_KEY)
    clock.now += COOLDOWN_S
    asked(keys, "two", OTHER_KEY)
    with pytest.raises(KeyError):
        asked(keys, "one")
    server.keys = jwks(two=OTHER_KEY, three=KEY)
    clock.now += KEYS_S
    asked(keys, "two", OTHER_KEY)
    assert server.asked == 3
    asked(keys, "three")
    assert server.asked == 3


def test_made_up_ids_make_us_ask_once_in_a_while(server: IdentityServer) -> None:
    clock = Moving()
    keys = keys_of(reader(server.url), clock)
    for n in range(50):
        with pytest.raises(KeyError):
            asked(keys, f"made-up-{n}")
    assert server.asked == 1
    for _ in range(60):
        clock.now += 1
        with pytest.raises(KeyError):
            asked(keys, "made-up")
    assert server.asked == 1 + 60 / COOLDOWN_S


def test_tokens_without_an_id_never_make_us_ask(server: IdentityServer) -> None:
    clock = Moving()
    server.keys = jwks(one=KEY, two=OTHER_KEY)
    keys = keys_of(reader(server.url), clock)
    for _ in range(int(KEYS_S)):
        with pytest.raises(KeyError):
            asked(keys, None)
        clock.now += 0.9
    assert server.asked == 1


@pytest.mark.parametrize(
    "found",
    [
        jwks(one=KEY),
        without_ids(one=KEY),
        without_ids(other=OTHER_KEY, one=KEY),
        {"keys": [*without_ids(one=KEY)["keys"], *jwks(two=OTHER_KEY)["keys"]]},
    ],
    ids=["the only one", "without an id", "two without an id", "one of them without"],
)
def test_a_token_without_an_id_is_tried(server: IdentityServer, found: dict[str, Any]) -> None:
    server.keys = found
    keys = keys_of(reader(server.url), Moving())
    assert asked(keys, None)["sub"] == "mei"
    with pytest.raises(jwt.InvalidSignatureError):
        asked(keys, None, ANY_KEY)


def test_keys_that_do_not_sign_do_not_count(server: IdentityServer) -> None:
    server.keys = jwks(one=KEY, two=OTHER_KEY)
    server.keys["keys"][1]["use"] = "enc"
    keys = keys_of(reader(server.url), Moving())
    assert asked(keys, None)["sub"] == "mei"
    with pytest.raises(KeyError):
        asked(keys, "two", OTHER_KEY)


def test_keys_of_one_id_may_be_of_several_kinds(server: IdentityServer) -> None:
    public = rsa.generate_private_key(65537, 2048).public_key()
    other = {**jwt.algorithms.RSAAlgorithm.to_jwk(public, as_dict=True), "kid": "one"}
    both = [*jwks(one=KEY)["keys"], other]
    for order in (both, both[::-1]):
        server.keys = {"keys": order}
        assert asked(keys_of(reader(server.url), Moving()), "one")["sub"] == "mei"


def test_known_keys_stay_good_while_the_server_is_away(server: IdentityServer) -> None:
    clock = Moving()
    keys = keys_of(reader(server.url), clock)
    asked(keys, "one")
    server.keys = None
    clock.now += 2 * KEYS_S
    for _ in range(3):
        asked(keys, "one")
        clock.now += AWAY_S
    assert server.asked == 4


def test_a_server_that_was_never_there_is_no_fault_of_the_caller(server: IdentityServer) -> None:
    server.keys = None
    settings = Settings(token_keys=server.url)
    assert status(settings, signed(claims())) == 503
    server.keys = jwks(one=KEY)
    assert caller(settings, signed(claims())) == "mei"


def test_all_who_wait_for_the_first_keys_wait_for_one_reading() -> None:
    clock = Moving()
    readings: list[Thread] = []

    def ask() -> None:
        with pytest.raises(HttpProblem):
            asked(made, "one")

    def read() -> jwt.PyJWKSet:
        readings.append(Thread(target=ask, daemon=True))
        if len(readings) == 1:
            readings[0].start()  # somebody else comes while the server does not answer
        clock.now += 2 * AWAY_S
        raise OSError

    made = keys_of(read, clock)
    ask()
    readings[0].join(10)
    assert len(readings) == 1


def test_nobody_who_has_a_key_waits_for_one_that_is_read() -> None:
    clock = Moving()
    found: list[dict[str, Any]] = []

    def read() -> jwt.PyJWKSet:
        if clock.now > 1000:  # meanwhile, on the thread of somebody else
            other = Thread(target=lambda: found.append(asked(made, "one")), daemon=True)
            other.start()
            other.join(10)
        return jwt.PyJWKSet.from_dict(jwks(one=KEY))

    made = keys_of(read, clock)
    asked(made, "one")
    clock.now += COOLDOWN_S
    with pytest.raises(KeyError):
        asked(made, "two")
    assert len(found) == 1


def test_nobody_who_has_a_key_waits_for_newer_ones() -> None:
    clock = Moving()
    answered = Event()

    def read() -> jwt.PyJWKSet:
        if clock.now > 1000:
            answered.wait(10)
        return jwt.PyJWKSet.from_dict(jwks(one=KEY if clock.now == 1000 else OTHER_KEY))

    made = IdentityKeys(read, clock)
    asked(made, "one")
    clock.now += KEYS_S
    assert asked(made, "one")["sub"] == "mei"
    assert not answered.is_set()
    answered.set()
    until(lambda: newer(made), bool, timeout_s=10)


def newer(made: IdentityKeys) -> bool:
    try:
        return bool(asked(made, "one", OTHER_KEY))
    except jwt.InvalidSignatureError:
        return False

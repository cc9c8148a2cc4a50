"""Keys of an identity server: when they are read again, and what is good while it is away."""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import jwt
import pytest

from adapters.http.identity_keys import AGAIN_S, KEYS_S, IdentityKeys, reader
from adapters.settings import Settings
from tests.signed_tokens import KEY, OTHER_KEY, caller, claims, jwks, signed, status


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

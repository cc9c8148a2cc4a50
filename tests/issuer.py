"""A provider of identities on loopback, which answers what a test tells it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)

from adapters.process.clock import unix_ms

KEY, OTHER_KEY = (generate_private_key(SECP256R1()) for _ in range(2))
CLIENT = "lahstats"
NONCE = "nonce-1"


class Issuer(HTTPServer):
    """Answers as a provider does; `granted` is the body of its token endpoint."""

    granted: bytes = b"{}"
    status: int = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        Thread(target=self.serve_forever, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    server: Issuer

    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        public = jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
        home = self.server.url
        bodies: dict[str, Any] = {
            "/keys": {"keys": [{**public, "kid": "one", "use": "sig", "alg": "ES256"}]},
            "/.well-known/openid-configuration": {
                "issuer": home,
                "authorization_endpoint": f"{home}/in?tenant=lah",
                "end_session_endpoint": f"{home}/out?tenant=lah",
                "token_endpoint": f"{home}/token",
                "jwks_uri": f"{home}/keys",
            },
        }
        self._answer(200, json.dumps(bodies[self.path]).encode())

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(self.server.status, self.server.granted)

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def issuing() -> Iterator[Issuer]:
    """A provider of its own, which is gone at the end."""
    issuer = Issuer()
    try:
        yield issuer
    finally:
        issuer.shutdown()
        issuer.server_close()


def signed(issuer: Issuer, key: EllipticCurvePrivateKey = KEY, **changes: Any) -> str:
    """An ID token as `issuer` gives it, with changes; None leaves a claim out."""
    now_s = unix_ms() // 1000
    claims = {
        "iss": issuer.url,
        "aud": CLIENT,
        "sub": "mei",
        "nonce": NONCE,
        "iat": now_s,
        "exp": now_s + 600,
        **changes,
    }
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, key, algorithm="ES256", headers={"kid": "one"})

"""Users' tokens, signed with keys of these tests, and how each is answered."""

import asyncio
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import Request

from adapters.http.problems import HttpProblem
from adapters.http.signing import ALGORITHM
from adapters.http.tokens import UserTokens
from adapters.process.clock import unix_ms
from adapters.settings import Settings

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

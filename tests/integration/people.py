"""People as HTTP clients of both sides, each with a token."""

import ssl
from typing import Any
from uuid import uuid4

import httpx

from adapters.http.signing import sign_user
from adapters.settings import Settings

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Shared by all clients: to load the authorities of the web for each of them costs time."""


NONE_KEPT = httpx.Limits(max_keepalive_connections=0)
"""A test asks now and then, and a server closes a connection that nobody used for five seconds: it
may do so at the moment of the next request. Browsers and phones ask again then."""
DAY_S = 24 * 3600


def client(settings: Settings, side: str, **given: Any) -> httpx.Client:
    """A client of one side, for a test of any length."""
    return httpx.Client(
        base_url=settings.url(side), timeout=60, verify=NO_TLS, limits=NONE_KEPT, **given
    )


class Person:
    """One user, who changes things at the gateway and reads at the api. `token`: another token."""

    def __init__(self, settings: Settings, user: str, token: str | None = "") -> None:
        self.user = user
        self.is_known = token == ""
        self.token = sign_user(settings, user, DAY_S) if token == "" else token or ""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        self._sides = {name: client(settings, name, headers=headers) for name in ("gateway", "api")}

    def call(self, side: str, method: str, path: str, body: Any = None) -> httpx.Response:
        """One request with a key of its own."""
        headers = {"Idempotency-Key": str(uuid4())} if side == "gateway" else {}
        return self._sides[side].request(method, path, json=body, headers=headers)

    def ask(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Something of the gateway."""
        return self.call("gateway", method, path, body)

    def done(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """The same, which must be accepted."""
        answer = self.ask(method, path, body)
        assert answer.is_success, answer.text
        return dict(answer.json())

    def get(self, path: str) -> httpx.Response:
        """Something of the api."""
        return self.call("api", "GET", path)

    def read(self, path: str) -> dict[str, Any]:
        """The same, which must be answered."""
        answer = self.get(path)
        assert answer.is_success, answer.text
        return dict(answer.json())


def problem(answer: httpx.Response) -> str:
    """The type of a refusal; empty for an answer."""
    return "" if answer.is_success else str(answer.json()["type"])


def counts_of(person: Person) -> int:
    """Counts of all their days."""
    return int(person.read("/v1/users/me/stats?period=all")["counts"])


def counted(speaker: dict[str, Any]) -> int:
    """Counts of a speaker, as the api tells them."""
    return sum(word["count"] for word in speaker["words"])

"""Requests a minute: of each address, and of each user. 429 says when to come back."""

import math
import time
from collections.abc import Callable, Hashable

from cachetools import LRUCache
from fastapi import FastAPI, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.http.clients import address_of, client_of
from adapters.http.problems import HttpProblem, answer_to
from schemas import limits
from schemas.ids import UserId
from schemas.limits import Rate

KEPT = 100_000
"""Callers that are remembered, of each kind: the one that was silent for longest is forgotten."""


def taken(rate: Rate, full_at_s: float, now_s: float) -> tuple[float, float]:
    """Pure: one request at `now_s`. Returns when the bucket is full again, and a wait.

    The wait is 0 when the request may pass; else it changes nothing and may pass after so many
    seconds. This is the generic cell rate algorithm (ITU-T I.371): a bucket is one number, the time
    at which it has all its tokens again.
    """
    token_s = 60 / rate.a_minute
    after_s = max(full_at_s, now_s) + token_s
    wait_s = after_s - now_s - rate.burst * token_s
    if wait_s > 1e-9:
        return full_at_s, wait_s
    return after_s, 0.0


class Buckets:
    """A bucket for each key. For one event loop; nothing blocks."""

    def __init__(self, rate: Rate, kept: int = KEPT) -> None:
        self._rate = rate
        self._full_at = LRUCache[Hashable, float](kept)

    def __len__(self) -> int:
        """Callers that are remembered."""
        return len(self._full_at)

    def take(self, key: Hashable, now_s: float) -> None:
        """Count a request of `key`. Raises HttpProblem 429 for one too many."""
        full_at_s, wait_s = taken(self._rate, self._full_at.get(key, now_s), now_s)
        self._full_at[key] = full_at_s
        if wait_s:
            raise _too_many(math.ceil(wait_s))


class Rates:
    """The buckets of one side. `clock`: seconds that never go back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._addresses = Buckets(limits.REQUESTS_OF_ADDRESS)
        self._users = Buckets(limits.REQUESTS_OF_USER)
        self._uploads = Buckets(limits.CHUNKS_OF_USER)
        self._begun = Buckets(limits.BEGUN_OF_USER)

    def address(self, address: str) -> None:
        """Count a request from an address. Raises HttpProblem 429."""
        self._addresses.take(client_of(address), self._clock())

    def user(self, user: UserId) -> None:
        """Count a request of a user, other than for a chunk. Raises HttpProblem 429."""
        self._users.take(user, self._clock())

    def begin(self, user: UserId) -> None:
        """Count a session or a group that a user makes. Raises HttpProblem 429."""
        self._begun.take(user, self._clock())

    def chunk(self, owner: UserId) -> None:
        """Count a chunk of a user. Raises HttpProblem 429."""
        self._uploads.take(owner, self._clock())


def install(app: FastAPI, rates: Rates) -> None:
    """Count the requests of each address from now on. Call it once, before the first request."""
    app.state.rates = rates
    app.add_middleware(_CountAddress)


def rates_of(request: Request) -> Rates:
    """The buckets of the side that serves `request`."""
    rates: Rates = request.app.state.rates
    return rates


class _CountAddress:
    """ASGI middleware: a request too many is not even routed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; other scopes pass."""
        if scope["type"] == "http":
            try:
                rates_of(Request(scope)).address(address_of(scope))
            except HttpProblem as problem:
                await answer_to(problem)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _too_many(wait_s: int) -> HttpProblem:
    detail = f"Too many requests in a short time: go on in {wait_s} s."
    return HttpProblem(429, "too-many-requests", "Too many requests", detail, retry_after_s=wait_s)

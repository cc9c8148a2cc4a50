"""The read side with fakes behind it, for tests of its routes."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, cast

import httpx
from fastapi import Request

from adapters.http.rates import Rates
from adapters.http.tokens import UserTokens
from adapters.http.turns import Turns
from adapters.warehouse import Parameters, R
from api.date_range import DateRange
from api.dependencies import Services, provide
from api.etags import etag_of
from api.freshness import Freshness
from api.read_slots import ReadSlots
from api.wrapped.cache import EncodedWrapped
from schemas.ids import UserId
from tests.applications import read_side
from tests.unit.test_share_card import EXAMPLE

SESSION = "/v1/sessions/019abcde-0000-7000-8000-00000000000a"
EVENTS = f"{SESSION}/events"
PARTS = (
    "sessions",
    "users",
    "groups",
    "wrapped",
    "shares",
    "signing_in",
    "my_data",
    "operating",
    "watching",
)
BODY = b'{"user":"mei"}'
Headers = Mapping[str, str] | Sequence[tuple[str, str]] | None
"""A sequence is of lines: a name may come twice."""


class EveryoneIsMei:
    """Tokens that are always Mei's."""

    async def user(self, request: Request) -> UserId:
        return UserId("mei")


class NoRows:
    """A warehouse without a row."""

    def query(self, sql: str, parameters: Parameters | None = None, *, row: type[R]) -> list[R]:
        return []


class OneWrapped:
    """A cache that has one answer, and remembers the days that it was asked for."""

    def __init__(self) -> None:
        self.days: list[DateRange] = []
        self.story = EXAMPLE

    def wrapped(self, user: UserId, period: str, days: DateRange) -> EncodedWrapped:
        self.days.append(days)
        return EncodedWrapped(BODY, etag_of(BODY), self.story)


class Failing:
    """A service that raises, whatever it is asked."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Callable[..., None]:
        def fail(*_: object) -> None:
            raise self._error

        return fail


class Caller:
    """Calls the routes over the given services, in this process."""

    def __init__(self, **services: object) -> None:
        given = (
            dict.fromkeys(PARTS, None)
            | {"slots": ReadSlots(), "sign_ins": Turns(1, 1)}
            | {"freshness": Freshness(NoRows(), lambda: 0)}
            | services
        )
        tokens = cast(UserTokens, EveryoneIsMei())
        self.app = read_side(Rates())
        today = date(2026, 11, 24)
        services_ = Services(**cast(Any, given), tokens=tokens, today=lambda: today)
        provide(self.app, services_)

    def get(self, path: str, headers: Headers = None) -> httpx.Response:
        return asyncio.run(self._get(path, headers))

    async def _get(self, path: str, headers: Headers) -> httpx.Response:
        async with self.client() as asking:
            return await asking.get(path, headers=headers)

    def client(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=self.app)
        return httpx.AsyncClient(transport=transport, base_url="http://api")

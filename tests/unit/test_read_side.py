"""The routes of the read side without servers: who is calling, what is away, what is current."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, cast

import httpx
import pytest
from fastapi import Request

from adapters.http.tokens import UserTokens
from adapters.process.retry import TransientError
from api.app import build
from api.date_range import DateRange
from api.dependencies import Services, provide
from api.etags import etag_of
from api.wrapped.cache import EncodedWrapped
from schemas.ids import UserId
from schemas.rejections import Reason, Rejected

BODY = b'{"user":"mei"}'


class EveryoneIsMei:
    """Tokens that are always Mei's."""

    async def user(self, request: Request) -> UserId:
        return UserId("mei")


class OneWrapped:
    """A cache that has one answer, and remembers the days that it was asked for."""

    def __init__(self) -> None:
        self.days: list[DateRange] = []

    def wrapped(self, user: UserId, period: str, days: DateRange) -> EncodedWrapped:
        self.days.append(days)
        return EncodedWrapped(BODY, etag_of(BODY))


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
        given = dict.fromkeys(("sessions", "users", "groups", "wrapped", "shares"), None) | services
        tokens = cast(UserTokens, EveryoneIsMei())
        self._app = build("http://gateway", "http://store")
        today = date(2026, 11, 24)
        services_ = Services(**cast(Any, given), tokens=tokens, today=lambda: today)
        provide(self._app, services_)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        return asyncio.run(self._get(path, headers))

    async def _get(self, path: str, headers: Mapping[str, str] | None) -> httpx.Response:
        transport = httpx.ASGITransport(app=self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://api") as asking:
            return await asking.get(path, headers=headers)


def test_a_wrapped_comes_with_its_tag_and_only_once() -> None:
    cache = OneWrapped()
    asking = Caller(wrapped=cache)
    first = asking.get("/v1/users/me/wrapped?period=month")
    assert (first.status_code, first.content) == (200, BODY)
    assert first.headers["Cache-Control"] == "private, no-cache"
    tag = first.headers["ETag"]
    again = asking.get("/v1/users/me/wrapped", headers={"If-None-Match": f'"old", W/{tag}'})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    other = asking.get("/v1/users/me/wrapped", headers={"If-None-Match": '"old"'})
    assert other.status_code == 200
    assert cache.days[:2] == [
        DateRange(date(2026, 11, 1), date(2026, 11, 30)),
        DateRange(date(2026, 1, 1), date(2026, 12, 31)),
    ]


@pytest.mark.parametrize("period", ["soon", "2026-02-30..2026-03-01", "2026-02-02..2026-02-01"])
def test_what_is_no_period_is_refused(period: str) -> None:
    answer = Caller(wrapped=OneWrapped()).get(f"/v1/users/me/wrapped?period={period}")
    assert (answer.status_code, answer.json()["type"]) == (422, "bad-period")


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (TransientError("clickhouse is away"), 503, "part-away"),
        (Rejected(Reason.OBJECT_MISSING, "expired"), 410, "text-gone"),
    ],
)
def test_what_a_service_raises_is_answered(error: Exception, status: int, kind: str) -> None:
    path = "/v1/sessions/019abcde-0000-7000-8000-00000000000a/transcript"
    answer = Caller(sessions=Failing(error)).get(path)
    assert (answer.status_code, answer.json()["type"]) == (status, kind)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["retryable"] == (status == 503)
    assert ("Retry-After" in answer.headers) == (status == 503)


def test_an_event_stream_that_cannot_begin_is_an_error_and_no_stream() -> None:
    path = "/v1/sessions/019abcde-0000-7000-8000-00000000000a/events"
    answer = Caller(sessions=Failing(TransientError("away"))).get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert answer.headers["Cache-Control"] == "private, no-store"

"""What all routes share: a blocking question asked off the event loop, and periods."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypeVar

from fastapi import Query, Request, Response
from starlette.concurrency import run_in_threadpool

from adapters.http.problems import Refusal, away
from adapters.http.tokens import UserTokens
from adapters.process.retry import TransientError
from api.groups.service import Groups
from api.sessions.service import Reader
from api.shares.service import Sharing
from api.users.service import Users
from api.wrapped.cache import Answer, Kept
from schemas.days import bounds
from schemas.rejections import Rejected

T = TypeVar("T")
Today = Callable[[], date]
Period = Annotated[str, Query(max_length=22, description="year, month, week, all, or FROM..TO")]


@dataclass(frozen=True)
class Parts:
    """What the routes work with."""

    sessions: Reader
    people: Users
    kept: Kept
    groups: Groups
    sharing: Sharing
    users: UserTokens
    today: Today


async def ask(call: Callable[[], T]) -> T:
    """The answer; Refusal 503 when the warehouse is away, 410 when the words are gone."""
    try:
        return await run_in_threadpool(call)
    except TransientError:
        raise away("The warehouse") from None
    except Rejected:
        raise Refusal(
            410,
            "text-gone",
            "Text is gone",
            "The words of this session were removed; its counts stand.",
        ) from None


def days(period: str, today: date) -> tuple[date, date]:
    """First and last day; Refusal 422 for what is no period."""
    try:
        return bounds(period, today)
    except ValueError:
        detail = "period is year, month, week, all, or FROM..TO as 2026-01-01..2026-03-31."
        raise Refusal(422, "bad-period", "Bad period", detail) from None


UNCHANGED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer",
        "content": {"application/json": {"schema": {"type": "object"}}},
    },
    304: {"description": "What the caller has is what there is"},
}


def fresh(request: Request, answer: Answer) -> Response:
    """The answer with its ETag, or 304 when the caller names that one."""
    if request.headers.get("If-None-Match") == answer.tag:
        return Response(status_code=304, headers={"ETag": answer.tag})
    return Response(answer.text, media_type="application/json", headers={"ETag": answer.tag})

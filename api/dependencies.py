"""Dependencies of the routes: the services of this process, the caller, today and a period.

The dependencies are coroutines although nothing in them waits: FastAPI would run plain functions
on a thread each. The routes are plain functions, because the services block.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, cast

from fastapi import Depends, FastAPI, Header, Query, Request

from adapters.http.fields import sized
from adapters.http.problems import HttpProblem
from adapters.http.rates import rates_of
from adapters.http.tokens import UserTokens
from adapters.http.turns import Turns
from api.date_range import DateRange
from api.freshness import Freshness
from api.groups.service import Groups
from api.health.service import Operating
from api.my_data.service import MyData
from api.read_slots import ReadSlots
from api.sessions.service import Sessions
from api.sessions.watching import Watching
from api.shares.service import Shares
from api.signing_in.service import SigningIn
from api.users.service import Users
from api.wrapped.cache import WrappedCache
from schemas.days import PERIODS, bounds
from schemas.ids import UserId
from schemas.limits import PERIOD, TAGS


@dataclass(frozen=True)
class Services:
    """The services of the read side; `main` makes them, every route may use them."""

    sessions: Sessions
    users: Users
    groups: Groups
    wrapped: WrappedCache
    shares: Shares
    watching: Watching
    freshness: Freshness
    slots: ReadSlots
    tokens: UserTokens
    signing_in: SigningIn
    sign_ins: Turns
    my_data: MyData
    operating: Operating
    today: Callable[[], date]


def provide(app: FastAPI, services: Services) -> None:
    """Give the routes of `app` their services. Call it before the first request."""
    app.state.services = services


async def _services(request: Request) -> Services:
    return cast(Services, request.app.state.services)


Provided = Annotated[Services, Depends(_services)]


async def _user(request: Request, services: Provided) -> UserId:
    user = await services.tokens.user(request)
    rates_of(request).user(user)
    request.state.caller = user
    return user


CurrentUser = Annotated[UserId, Depends(_user)]
"""The caller. HttpProblem 401."""


IfNoneMatch = Annotated[str, sized(TAGS), Header()]
Period = Annotated[str, sized(PERIOD), Query(description=PERIODS)]


def days_of(period: str, services: Services) -> DateRange:
    """The days of a period, by the calendar of today. HttpProblem 422 for what is no period."""
    try:
        first, last = bounds(period, services.today())
    except ValueError:
        detail = f"period is {PERIODS} as 2026-01-01..2026-03-31."
        raise HttpProblem(422, "bad-period", "Bad period", detail) from None
    return DateRange(first, last)

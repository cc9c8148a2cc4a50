"""Routes of the caller's profile and numbers, of people to find, and of the board of everyone."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from adapters.http.fields import Search, within
from adapters.http.problems import HttpProblem
from api.dependencies import CurrentUser, Period, Provided, days_of
from api.read_slots import ReadRoute
from api.trends import Buckets, Granularity, Trend
from api.users.models import BoardOfEveryone, Me, SearchResult, UserStats
from schemas import limits
from schemas.days import NAMED

router = APIRouter(prefix="/v1", tags=["users"], route_class=ReadRoute)


@router.get("/users/me")
def me(
    user: CurrentUser,
    services: Provided,
) -> Me:
    """Profile, groups, and tags that wait for an answer."""
    return services.users.me(user)


@router.get("/users/search")
def search(
    user: CurrentUser,
    services: Provided,
    q: Search,
) -> SearchResult:
    """People of one's groups, and those who agreed to be found."""
    return services.users.search(user, q)


@router.get("/users/me/stats")
def stats(
    user: CurrentUser,
    services: Provided,
    period: Period = "all",
    group_id: UUID | None = None,
) -> UserStats:
    """The caller's totals, in all or in one group's sessions."""
    days = days_of(period, services)
    if group_id is not None:
        services.groups.group(str(group_id), user)
    return services.users.stats(user, days, str(group_id or ""))


@router.get("/users/me/trends")
def trends(
    user: CurrentUser,
    services: Provided,
    granularity: Granularity = "week",
    limit: Annotated[int, within(limits.TREND)] = 12,
) -> Trend:
    """The caller's counts over time, zeros too."""
    return services.users.trend(user, Buckets(granularity, limit, services.today()))


@router.get("/leaderboard")
def leaderboard(
    user: CurrentUser,
    services: Provided,
    period: Period = "month",
) -> BoardOfEveryone:
    """Those who agreed to be on it, by their counts."""
    if period not in NAMED:
        detail = f"The board of everyone is made for {', '.join(NAMED)}."
        raise HttpProblem(422, "bad-period", "Bad period", detail)
    return services.users.leaderboard(user, days_of(period, services))

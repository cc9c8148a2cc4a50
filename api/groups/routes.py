"""Routes of a group as its members see it."""

from typing import Annotated

from fastapi import APIRouter

from adapters.http.fields import within
from adapters.http.paths import GroupPath
from api.dependencies import (
    CurrentUser,
    Period,
    Provided,
    days_of,
)
from api.groups.models import GroupAnswer, GroupBoard, GroupStats, MemberList
from api.groups.story_models import GroupWrapped
from api.read_slots import ReadRoute
from api.trends import Buckets, Granularity, Trend
from schemas import limits

router = APIRouter(prefix="/v1/groups/{group_id}", tags=["groups"], route_class=ReadRoute)


@router.get("")
def group(
    group_id: GroupPath,
    user: CurrentUser,
    services: Provided,
) -> GroupAnswer:
    """Its name, owner and size."""
    return services.groups.group(group_id, user)


@router.get("/members")
def members(
    group_id: GroupPath,
    user: CurrentUser,
    services: Provided,
) -> MemberList:
    """Its members."""
    return services.groups.members(group_id, user)


@router.get("/stats")
def stats(
    group_id: GroupPath,
    user: CurrentUser,
    services: Provided,
    period: Period = "all",
) -> GroupStats:
    """Its totals: everything that its people said in its sessions."""
    return services.groups.stats(group_id, user, days_of(period, services))


@router.get("/trends")
def trends(
    group_id: GroupPath,
    user: CurrentUser,
    services: Provided,
    granularity: Granularity = "month",
    limit: Annotated[int, within(limits.TREND)] = 12,
) -> Trend:
    """Its counts over time, zeros too."""
    return services.groups.trend(group_id, user, Buckets(granularity, limit, services.today()))


@router.get("/leaderboard")
def leaderboard(
    group_id: GroupPath,
    user: CurrentUser,
    services: Provided,
    period: Period = "month",
) -> GroupBoard:
    """Its members by their counts."""
    return services.groups.leaderboard(group_id, user, days_of(period, services))


@router.get("/wrapped")
def wrapped(
    group_id: GroupPath,
    user: CurrentUser,
    services: Provided,
    period: Period = "year",
) -> GroupWrapped:
    """Its Wrapped."""
    return services.groups.wrapped(group_id, user, period, days_of(period, services))

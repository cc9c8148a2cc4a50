"""A group as its members see it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends

from api.http import Parts, Period, ask, days
from schemas.ids import UserId


def router(parts: Parts) -> APIRouter:
    """Everything below `/v1/groups/{group_id}`."""
    found = APIRouter(prefix="/v1/groups/{group_id}", tags=["groups"])
    _who(found, parts)
    _numbers(found, parts)
    return found


def _who(app: APIRouter, parts: Parts) -> None:
    user_of = Annotated[UserId, Depends(parts.users.user)]

    @app.get("")
    async def group(group_id: UUID, user: user_of) -> dict[str, Any]:
        """Its name, owner and size."""
        return await ask(lambda: parts.groups.group(str(group_id), user))

    @app.get("/members")
    async def members(group_id: UUID, user: user_of) -> dict[str, Any]:
        """Who is in it."""
        return await ask(lambda: parts.groups.members(str(group_id), user))


def _numbers(app: APIRouter, parts: Parts) -> None:
    user_of = Annotated[UserId, Depends(parts.users.user)]

    @app.get("/stats")
    async def stats(group_id: UUID, user: user_of, period: Period = "all") -> dict[str, Any]:
        """What its people said in its sessions."""
        first, last = days(period, parts.today())
        return await ask(lambda: parts.groups.stats(str(group_id), user, first, last))

    @app.get("/leaderboard")
    async def leaderboard(
        group_id: UUID, user: user_of, period: Period = "month"
    ) -> dict[str, Any]:
        """Its members by their counts."""
        first, last = days(period, parts.today())
        return await ask(lambda: parts.groups.leaderboard(str(group_id), user, first, last))

    @app.get("/wrapped")
    async def wrapped(group_id: UUID, user: user_of, period: Period = "year") -> dict[str, Any]:
        """Its Wrapped."""
        first, last = days(period, parts.today())
        return await ask(lambda: parts.groups.wrapped(str(group_id), user, period, first, last))

"""The caller's profile, numbers, Wrapped; people to find; the board that everyone sees."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from adapters.http.problems import Refusal
from api.http import UNCHANGED, Parts, Period, ask, days, fresh
from api.shares.routes import PICTURES, Format, Shape, picture
from api.users.trends import Granularity
from schemas.days import NAMED
from schemas.ids import UserId


def router(parts: Parts) -> APIRouter:
    """Everything about the caller."""
    found = APIRouter(prefix="/v1", tags=["users"])
    _profile(found, parts)
    _numbers(found, parts)
    _wrapped(found, parts)
    return found


def _profile(app: APIRouter, parts: Parts) -> None:
    user_of = Annotated[UserId, Depends(parts.users.user)]

    @app.get("/users/me")
    async def me(user: user_of) -> dict[str, Any]:
        """Profile, groups, and tags that wait for an answer."""
        return await ask(lambda: parts.people.me(user))

    @app.get("/users/search")
    async def search(
        user: user_of, q: Annotated[str, Query(min_length=2, max_length=60)]
    ) -> dict[str, Any]:
        """People of one's groups, and those who agreed to be found."""
        return await ask(lambda: parts.people.search(user, q))

    @app.get("/requests/{request_id}")
    async def request(request_id: UUID, user: user_of) -> dict[str, Any]:
        """What became of a request."""
        return await ask(lambda: parts.sessions.request(str(request_id), user))


def _numbers(app: APIRouter, parts: Parts) -> None:
    user_of = Annotated[UserId, Depends(parts.users.user)]

    @app.get("/users/me/stats")
    async def stats(
        user: user_of, period: Period = "all", group_id: UUID | None = None
    ) -> dict[str, Any]:
        """The caller's totals, in all or in one group's sessions."""
        first, last = days(period, parts.today())
        if group_id is not None:
            await ask(lambda: parts.groups.group(str(group_id), user))
        return await ask(lambda: parts.people.stats(user, first, last, str(group_id or "")))

    @app.get("/users/me/trends")
    async def trends(
        user: user_of,
        granularity: Granularity = "week",
        limit: Annotated[int, Query(ge=1, le=366)] = 12,
    ) -> dict[str, Any]:
        """The caller's counts over time, zeros too."""
        return await ask(lambda: parts.people.trends(user, granularity, limit, parts.today()))

    @app.get("/leaderboard")
    async def leaderboard(user: user_of, period: Period = "month") -> dict[str, Any]:
        """Those who agreed to stand here, by their counts."""
        if period not in NAMED:
            raise Refusal(
                422,
                "bad-period",
                "Bad period",
                f"The board of everyone is made for {', '.join(NAMED)}.",
            )
        first, last = days(period, parts.today())
        return await ask(lambda: parts.people.leaderboard(user, first, last))


def _wrapped(app: APIRouter, parts: Parts) -> None:
    user_of = Annotated[UserId, Depends(parts.users.user)]

    @app.get("/users/me/wrapped", responses=UNCHANGED)
    async def wrapped(user: user_of, request: Request, period: Period = "year") -> Response:
        """The caller's Wrapped; nothing but 304 for who has it already."""
        first, last = days(period, parts.today())
        return fresh(request, await ask(lambda: parts.kept.wrapped(user, period, first, last)))

    @app.get("/users/me/wrapped/card", response_class=Response, responses=PICTURES)
    async def card(
        user: user_of,
        period: Period = "year",
        shape: Shape = "story",
        format: Format = "svg",  # noqa: A002 - the name in the query
        name: bool = False,
    ) -> Response:
        """The caller's Wrapped as a picture to pass on; names nobody unless asked to."""
        first, last = days(period, parts.today())
        found = await ask(lambda: parts.sharing.own(user, period, first, last, show_name=name))
        return await picture(found, shape, format)

    @app.get("/users/me/shares")
    async def shares(user: user_of) -> dict[str, Any]:
        """The caller's links that are good."""
        return await ask(lambda: parts.sharing.links(user))

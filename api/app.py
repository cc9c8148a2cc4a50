"""The read side's routes (contracts, section 2), as far as sessions, speakers, results and one user's totals."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, FastAPI, Header, Query, Request, Response
from fastapi.sse import EventSourceResponse
from starlette.concurrency import run_in_threadpool

from adapters import problems
from adapters.errors import PermanentError, TransientError
from adapters.problems import Refusal, away
from adapters.tokens import UserTokens
from api.reading import Reader
from api.watching import changes
from api.wrapped import share
from schemas.ids import UserId
from schemas.periods import bounds

Today = Callable[[], date]


def build(reader: Reader, users: UserTokens, today: Today) -> FastAPI:
    """The application; nothing is started."""
    app = FastAPI(title="Lahstats read side", version="1", docs_url=None, redoc_url=None)
    problems.install(app)
    app.middleware("http")(_never_cached)
    _session_routes(app, reader, users)
    _user_routes(app, reader, users, today)
    return app


async def _never_cached(request: Request, call_next: Any) -> Response:
    response: Response = await call_next(request)
    response.headers["Cache-Control"] = "private, no-store"
    return response


async def _asked(call: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return await run_in_threadpool(call)
    except TransientError:
        raise away("The warehouse") from None
    except PermanentError:
        raise Refusal(410, "text-gone", "Text is gone", "The words of this session were removed; its counts stand.") from None


def _session_routes(app: FastAPI, reader: Reader, users: UserTokens) -> None:
    user_of = Annotated[UserId, Depends(users.user)]

    @app.get("/v1/sessions")
    async def sessions(
        user: user_of, status: str = "", cursor: Annotated[str, Query(max_length=36)] = "", limit: Annotated[int, Query(ge=1, le=100)] = 20
    ) -> dict[str, Any]:
        """The caller's sessions."""
        return await _asked(lambda: reader.sessions(user, status, cursor, limit))

    @app.get("/v1/sessions/{session_id}")
    async def session(session_id: UUID, user: user_of) -> dict[str, Any]:
        """One session."""
        return await _asked(lambda: reader.session(str(session_id), user))

    # No response_class here: FastAPI would iterate the handler itself, after the headers, when it is too late to refuse.
    @app.get("/v1/sessions/{session_id}/events")
    async def events(session_id: UUID, user: user_of, last_event_id: Annotated[str, Header()] = "") -> EventSourceResponse:
        """The session whenever it changes; the stream ends when it is final."""
        first = await _asked(lambda: reader.session(str(session_id), user))
        return EventSourceResponse(changes(first, lambda: _asked(lambda: reader.session(str(session_id), user)), last_event_id))

    @app.get("/v1/sessions/{session_id}/speakers")
    async def speakers(session_id: UUID, user: user_of) -> dict[str, Any]:
        """Its speakers."""
        return await _asked(lambda: reader.speakers(str(session_id), user))

    @app.get("/v1/sessions/{session_id}/results")
    async def results(session_id: UUID, user: user_of) -> dict[str, Any]:
        """Its counts."""
        return await _asked(lambda: reader.results(str(session_id), user))

    @app.get("/v1/sessions/{session_id}/transcript")
    async def transcript(session_id: UUID, user: user_of) -> dict[str, Any]:
        """Its words."""
        return await _asked(lambda: reader.transcript(str(session_id), user))


def _user_routes(app: FastAPI, reader: Reader, users: UserTokens, today: Today) -> None:
    user_of = Annotated[UserId, Depends(users.user)]

    @app.get("/v1/users/me/stats")
    async def stats(user: user_of, period: Annotated[str, Query(max_length=22)] = "all") -> dict[str, Any]:
        """The caller's totals."""
        first, last = _days(period, today())
        return await _asked(lambda: reader.stats(user, first, last))

    @app.get("/v1/users/me/wrapped")
    async def wrapped(user: user_of, period: Annotated[str, Query(max_length=22)] = "year") -> dict[str, Any]:
        """The caller's Wrapped."""
        first, last = _days(period, today())
        return await _asked(lambda: reader.wrapped(user, period, first, last))

    @app.get("/v1/users/me/wrapped/card", response_class=Response)
    async def card(
        user: user_of, period: Annotated[str, Query(max_length=22)] = "year", shape: Literal["story", "square", "wide"] = "story"
    ) -> Response:
        """The caller's Wrapped as a picture to pass on: SVG, names nobody."""
        first, last = _days(period, today())
        found = await _asked(lambda: reader.wrapped(user, period, first, last))
        return Response(share.card(found, shape), media_type="image/svg+xml", headers={"Content-Security-Policy": "default-src 'none'"})

    @app.get("/v1/requests/{request_id}")
    async def request(request_id: UUID, user: user_of) -> dict[str, Any]:
        """What became of a request."""
        return await _asked(lambda: reader.request(str(request_id), user))


def _days(period: str, today: date) -> tuple[date, date]:
    try:
        return bounds(period, today)
    except ValueError:
        detail = "period is year, month, week, all, or FROM..TO as 2026-01-01..2026-03-31."
        raise Refusal(422, "bad-period", "Bad period", detail) from None

"""Sessions, their speakers, counts and words."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query
from fastapi.sse import EventSourceResponse

from adapters.http.problems import Refusal, documented
from api.http import Parts, ask
from api.sessions.changes import changes
from api.sessions.slides import session_story
from schemas.ids import UserId

Joined = Annotated[str, Query(max_length=400, description="2 to 10 ids, joined by commas")]
LEAST_COMPARED, MOST_COMPARED = 2, 10


def router(parts: Parts) -> APIRouter:
    """Everything below `/v1/sessions`."""
    found = APIRouter(prefix="/v1/sessions", tags=["sessions"])
    _own(found, parts)
    _one(found, parts)
    _heard(found, parts)
    return found


def _own(app: APIRouter, parts: Parts) -> None:
    user_of = Annotated[UserId, Depends(parts.users.user)]

    @app.get("")
    async def sessions(
        user: user_of,
        status: Annotated[str, Query(max_length=20)] = "",
        group_id: UUID | None = None,
        cursor: Annotated[str, Query(max_length=36)] = "",
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> dict[str, Any]:
        """The caller's sessions, or those of a group of theirs."""
        if group_id is not None:
            await ask(lambda: parts.groups.group(str(group_id), user))
        return await ask(
            lambda: parts.sessions.sessions(user, status, cursor, limit, str(group_id or ""))
        )

    @app.get("/compare")
    async def compare(
        user: user_of,
        session_ids: Annotated[
            str, Query(max_length=400, description="2 to 10 ids, joined by commas")
        ],
    ) -> dict[str, Any]:
        """The caller's own numbers, side by side."""
        wanted = list(dict.fromkeys(_session_id(text) for text in session_ids.split(",")))
        if not LEAST_COMPARED <= len(wanted) <= MOST_COMPARED:
            raise Refusal(
                422,
                "bad-number",
                "Bad number",
                f"session_ids names {LEAST_COMPARED} to {MOST_COMPARED} different sessions.",
            )
        return await ask(lambda: parts.people.compare(wanted, user))


def _session_id(text: str) -> str:
    try:
        return str(UUID(text.strip()))
    except ValueError:
        raise Refusal(
            422, "bad-session-id", "Bad session id", "session_ids are UUIDs, joined by commas."
        ) from None


def _one(app: APIRouter, parts: Parts) -> None:
    user_of = Annotated[UserId, Depends(parts.users.user)]

    @app.get("/{session_id}")
    async def session(session_id: UUID, user: user_of) -> dict[str, Any]:
        """One session."""
        return await ask(lambda: parts.sessions.session(str(session_id), user))

    # No response_class here: FastAPI would iterate the handler itself, after the headers, when it is too late to refuse.
    @app.get(
        "/{session_id}/events",
        responses={
            200: {"description": "A stream of events", "content": {"text/event-stream": {}}}
        },
    )
    async def events(
        session_id: UUID, user: user_of, last_event_id: Annotated[str, Header()] = ""
    ) -> EventSourceResponse:
        """The session whenever it changes; the stream ends when it is final."""
        first = await ask(lambda: parts.sessions.session(str(session_id), user))
        return EventSourceResponse(
            changes(
                first,
                lambda: ask(lambda: parts.sessions.session(str(session_id), user)),
                last_event_id,
            )
        )

    @app.get("/{session_id}/my-stats")
    async def my_stats(session_id: UUID, user: user_of) -> dict[str, Any]:
        """What the caller said in it."""
        return await ask(lambda: parts.people.my_stats(str(session_id), user))


def _heard(app: APIRouter, parts: Parts) -> None:
    user_of = Annotated[UserId, Depends(parts.users.user)]

    @app.get("/{session_id}/speakers", responses=documented(410))
    async def speakers(session_id: UUID, user: user_of) -> dict[str, Any]:
        """Its speakers."""
        return await ask(lambda: parts.sessions.speakers(str(session_id), user))

    @app.get("/{session_id}/results")
    async def results(session_id: UUID, user: user_of) -> dict[str, Any]:
        """Its counts."""
        return await ask(lambda: parts.sessions.results(str(session_id), user))

    @app.get("/{session_id}/transcript", responses=documented(410))
    async def transcript(session_id: UUID, user: user_of) -> dict[str, Any]:
        """Its words."""
        return await ask(lambda: parts.sessions.transcript(str(session_id), user))

    @app.get("/{session_id}/wrapped", responses=documented(410))
    async def wrapped(session_id: UUID, user: user_of) -> dict[str, Any]:
        """The slide show after it."""
        name, read = str(session_id), parts.sessions
        return await ask(
            lambda: session_story(
                read.session(name, user), read.speakers(name, user), read.results(name, user)
            )
        )

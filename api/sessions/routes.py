"""Routes of sessions, their speakers, counts and words."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response
from fastapi.sse import EventSourceResponse

from adapters.http.fields import sized, within
from adapters.http.paths import SessionPath
from adapters.http.problems import HttpProblem, Responses, documented
from adapters.process.retry import TransientError
from api.dependencies import CurrentUser, Provided
from api.read_slots import ReadRoute
from api.sessions.changes import StreamEvent, changes, notice_alone
from api.sessions.claim_history import ClaimHistory
from api.sessions.corrections import Corrections
from api.sessions.lists import Cursor, Page
from api.sessions.models import RequestAnswer, Results, SessionAnswer, SessionList
from api.sessions.notices import NOT_NOW
from api.sessions.slides import SessionWrapped
from api.sessions.speaker_models import SingleCounts, SpeakerList, WaitingTags
from api.sessions.transcript_models import Transcript
from api.users.models import Comparison, MyStats
from schemas import limits
from schemas.ids import SessionId
from schemas.session_events import State

EVENTS: Responses = {
    200: {
        "description": (
            "A stream of events: `session` with the session; `unavailable`, `available` and "
            "`closed` with `reason`, `detail` and `retry_ms`, 0 while the stream stays open"
        ),
        "content": {"text/event-stream": {}},
    },
    204: {"description": "The client has the last event already"},
}
router = APIRouter(prefix="/v1", tags=["sessions"], route_class=ReadRoute)


@router.get("/sessions")
def sessions(
    user: CurrentUser,
    services: Provided,
    status: State | None = None,
    group_id: UUID | None = None,
    cursor: Annotated[str, sized(limits.CURSOR)] = "",
    limit: Annotated[int, within(limits.PAGE)] = 20,
) -> SessionList:
    """The caller's sessions, or those of a group of theirs."""
    if group_id is not None:
        services.groups.group(str(group_id), user)
    page = Page(status, Cursor.of(cursor), limit, str(group_id or ""))
    return services.sessions.lists.page(user, page)


@router.get("/sessions/compare")
def compare(
    user: CurrentUser,
    services: Provided,
    session_ids: Annotated[
        str,
        sized(limits.SESSION_IDS),
        Query(description=f"ids of {limits.COMPARED}, joined by commas"),
    ],
) -> Comparison:
    """The caller's own numbers, side by side."""
    wanted = list(dict.fromkeys(_session_id(text) for text in session_ids.split(",")))
    if not limits.COMPARED.holds(len(wanted)):
        detail = f"session_ids names {limits.COMPARED}, each once."
        raise HttpProblem(422, "bad-number", "Bad number", detail)
    return services.users.compare(wanted, user)


def _session_id(text: str) -> SessionId:
    try:
        return SessionId(str(UUID(text.strip())))
    except ValueError:
        detail = "session_ids are UUIDs, joined by commas."
        raise HttpProblem(422, "bad-session-id", "Bad session id", detail) from None


@router.get("/sessions/{session_id}")
def session(
    session_id: SessionPath,
    user: CurrentUser,
    services: Provided,
) -> SessionAnswer:
    """One session."""
    return services.sessions.session(session_id, user)


# Not `response_class=EventSourceResponse`: FastAPI would then run the handler after the headers are
# sent, when it is too late for a 404.
@router.get(
    "/sessions/{session_id}/events",
    response_class=Response,
    responses=EVENTS,
)
async def events(
    session_id: SessionPath,
    user: CurrentUser,
    services: Provided,
    last_event_id: Annotated[str, sized(limits.EVENT_ID), Header()] = "",
) -> Response:
    """The session whenever it changes; the stream ends when it is final.

    204 when the client has the last event already: browsers then stop to come back.
    """
    try:
        first = await services.slots.run(user, lambda: services.sessions.session(session_id, user))
    except TransientError:
        return EventSourceResponse(notice_alone(NOT_NOW))
    event = StreamEvent.of(first)
    if event.is_last and event.event_id == last_event_id:
        return Response(status_code=204)
    joined = services.watching.joined(session_id, user)
    return EventSourceResponse(changes(joined, event, last_event_id))


@router.get("/sessions/{session_id}/my-stats")
def my_stats(
    session_id: SessionPath,
    user: CurrentUser,
    services: Provided,
) -> MyStats:
    """The caller's own numbers in it."""
    return services.users.my_stats(session_id, user)


@router.get("/sessions/{session_id}/speakers")
def speakers(
    session_id: SessionPath,
    user: CurrentUser,
    services: Provided,
) -> SpeakerList:
    """Its speakers."""
    return services.sessions.speakers(session_id, user)


@router.get("/sessions/{session_id}/counts")
def counts(
    session_id: SessionPath,
    user: CurrentUser,
    services: Provided,
) -> SingleCounts:
    """Every single count at its place, with what its owner said of it."""
    return services.sessions.counts(session_id, user)


@router.get("/sessions/{session_id}/tags")
def tags(
    session_id: SessionPath,
    user: CurrentUser,
    services: Provided,
) -> WaitingTags:
    """The tags in it that wait for the caller: who, when, and one clip of each speaker."""
    return services.sessions.tags(session_id, user)


@router.get("/sessions/{session_id}/claims/history")
def claim_history(
    session_id: SessionPath,
    user: CurrentUser,
    services: Provided,
) -> ClaimHistory:
    """Every change of its claims, by whom and when; each may be undone by its number."""
    return services.sessions.claim_histories.of(session_id, user)


@router.get("/sessions/{session_id}/corrections")
def corrections(
    session_id: SessionPath,
    user: CurrentUser,
    services: Provided,
) -> Corrections:
    """Hints, merges and splits of its voices, by whom and when; each is undone by its number."""
    return services.sessions.corrections.of(session_id, user)


@router.get("/sessions/{session_id}/results")
def results(
    session_id: SessionPath,
    user: CurrentUser,
    services: Provided,
) -> Results:
    """Its counts."""
    return services.sessions.results(session_id, user)


@router.get("/sessions/{session_id}/transcript", responses=documented(410))
def transcript(
    session_id: SessionPath,
    user: CurrentUser,
    services: Provided,
) -> Transcript:
    """Its words."""
    return services.sessions.transcript(session_id, user)


@router.get("/sessions/{session_id}/wrapped")
def wrapped(
    session_id: SessionPath,
    user: CurrentUser,
    services: Provided,
) -> SessionWrapped:
    """The slide show after it."""
    return services.sessions.wrapped(session_id, user)


@router.get("/requests/{request_id}")
def request(
    request_id: UUID,
    user: CurrentUser,
    services: Provided,
) -> RequestAnswer:
    """The decision about a request."""
    return services.sessions.request(str(request_id), user)

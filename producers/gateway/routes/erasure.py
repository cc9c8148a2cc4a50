"""Erasure of a session, or of everything of the caller.

The audio is gone when the answer comes; rows follow in seconds.
"""

from fastapi import APIRouter

from adapters.http.paths import SessionPath
from adapters.http.problems import not_found
from producers.gateway import request_events
from producers.gateway.answer_models import (
    EraseAnswer,
    Erased,
    Pending,
    UserErased,
    UserErasureAnswer,
    UserErasurePending,
)
from producers.gateway.caller_first import CallerFirst
from producers.gateway.dependencies import CurrentRequest, Provided
from producers.gateway.request_events import ClientRequest
from producers.gateway.responses import CurrentDecider, decided
from schemas import topics
from schemas.access import Act, may
from schemas.ids import SessionId, derived_id
from schemas.session_events import State

router = APIRouter(route_class=CallerFirst, prefix="/v1", tags=["erasing"])


@router.delete("/sessions/{session_id}", responses=decided())
def erase(
    session_id: SessionPath, request: CurrentRequest, services: Provided, decider: CurrentDecider
) -> EraseAnswer:
    """Erase a session, for everyone. Only its owner may; once more changes nothing."""
    directory = services.directory
    listing = directory.listing(session_id)
    event = request_events.erase(request, session_id)
    if listing is None:
        # The fold decides whose it is: its objects follow.
        if not directory.has_begun(session_id, request.by):
            raise not_found()
    elif not may(directory.standing(listing, request.by), Act.ERASE):
        raise not_found()
    elif listing.state is State.ERASED:
        return Erased(request_id=request.request_id)
    else:
        decider.take_key(event)
        services.ingest.erase(session_id)
    return decider.erasure(event)


@router.delete("/users/me", responses=decided(UserErasurePending))
def erase_user(
    request: CurrentRequest, services: Provided, decider: CurrentDecider
) -> UserErasureAnswer:
    """Erase the caller's sessions and profile, release their voices, leave their groups."""
    event = request_events.erase_user(request)
    decider.take_key(event)
    sessions = services.directory.recorded_by(request.by)
    for session_id in sessions:
        # The fold decides whose a session is that is not listed yet: its objects follow.
        if services.directory.listing(session_id) is not None:
            services.ingest.erase(session_id)
        part = request_events.erase(_part_of(request, session_id), session_id)
        services.ingest.publish(topics.INBOUND, part)
    answer = decider.user(event)
    count = len(sessions)
    if isinstance(answer, Pending):
        return UserErasurePending(request_id=answer.request_id, see=answer.see, sessions=count)
    return UserErased(request_id=answer.request_id, sessions=count)


def _part_of(request: ClientRequest, session_id: SessionId) -> ClientRequest:
    """The part of the caller's request that is about one session, with an id of its own."""
    part_id = derived_id("EraseRequested", request.request_id, session_id)
    return ClientRequest(part_id, request.by, request.now_ms)

"""Erasure of a session, or of everything of the caller.

The folds decide first: nothing is removed for a request that is refused. The audio is gone when the
answer comes that it is erased; rows follow in seconds.
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
from schemas.access import Act, may
from schemas.ids import SessionId, derived_id
from schemas.session_events import State
from schemas.session_requests import EraseRequested

router = APIRouter(route_class=CallerFirst, prefix="/v1", tags=["erasing"])


@router.delete("/sessions/{session_id}", responses=decided())
def erase(
    session_id: SessionPath, request: CurrentRequest, services: Provided, decider: CurrentDecider
) -> EraseAnswer:
    """Erase a session, for everyone. Only its owner may; once more changes nothing."""
    directory = services.directory
    listing = directory.listing(session_id)
    if listing is None:
        if not directory.has_begun(session_id, request.by):
            raise not_found()
    elif not may(directory.standing(listing, request.by), Act.ERASE):
        raise not_found()
    elif listing.state is State.ERASED:
        return Erased(request_id=request.request_id)
    return decider.erasure(request_events.erase(request, session_id))


@router.delete("/users/me", responses=decided(UserErasurePending))
def erase_user(
    request: CurrentRequest, services: Provided, decider: CurrentDecider
) -> UserErasureAnswer:
    """Erase the caller's sessions and profile, release their voices, leave their groups."""
    sessions = services.directory.recorded_by(request.by)
    answer = decider.user(request_events.erase_user(request))
    count = len(sessions)
    if isinstance(answer, Pending):
        # The stage `erasure` asks for the sessions once the fold has decided.
        return UserErasurePending(request_id=answer.request_id, see=answer.see, sessions=count)
    decider.parts([_part_of(request, session_id) for session_id in sessions])
    return UserErased(request_id=answer.request_id, sessions=count)


def _part_of(request: ClientRequest, session_id: SessionId) -> EraseRequested:
    """The part of the caller's request that is about one session, with an id of its own."""
    part_id = derived_id("EraseRequested", request.request_id, session_id)
    part = ClientRequest(part_id, request.by, request.now_ms)
    return request_events.erase(part, session_id)

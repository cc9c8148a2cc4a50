"""The speakers of a session: claims, tags, hints, merges and splits.

The fold that owns the session decides; its decision is the answer.
"""

from typing import Annotated

from fastapi import APIRouter

from adapters.http.fields import Label, within
from adapters.http.paths import SessionPath
from adapters.http.problems import not_found
from producers.gateway import request_events
from producers.gateway.answer_models import ClaimAnswer, RequestAnswer
from producers.gateway.caller_first import CallerFirst
from producers.gateway.dependencies import (
    CurrentRequest,
    MemberRequest,
    Provided,
    may_change,
)
from producers.gateway.directory import Directory
from producers.gateway.request_events import ClientRequest
from producers.gateway.request_models import (
    ClaimBody,
    HintBody,
    MergeBody,
    SplitBody,
    UndoBody,
    VerdictBody,
)
from producers.gateway.responses import CurrentDecider, decided
from schemas.claim_events import ClaimRequested, TagRequested
from schemas.ids import SessionId, UserId
from schemas.limits import CORRECTION

router = APIRouter(route_class=CallerFirst, prefix="/v1/sessions/{session_id}", tags=["speakers"])


@router.post("/claims", responses=decided())
def claim(
    session_id: SessionPath,
    body: ClaimBody,
    request: CurrentRequest,
    services: Provided,
    decider: CurrentDecider,
) -> ClaimAnswer:
    """Say whose voice a speaker is. A tagged user agrees by claiming the voice for themself."""
    if may_change(services.directory, session_id, request.by):
        event = _claim(services.directory, request, session_id, body)
        return decider.claim(event)
    if body.claim != "self":
        raise not_found()
    agreed = request_events.agree(request, session_id, body.speaker)
    return decider.claim(agreed, hidden=not_found)


@router.delete("/claims/{speaker}", responses=decided())
def release(
    session_id: SessionPath,
    speaker: Label,
    request: CurrentRequest,
    services: Provided,
    decider: CurrentDecider,
) -> ClaimAnswer:
    """Take a claim back, or reject a tag."""
    at_table = may_change(services.directory, session_id, request.by)
    event = request_events.release(request, session_id, speaker, at_table=at_table)
    return decider.claim(event, hidden=None if at_table else not_found)


@router.post("/claims/{speaker}/undo", responses=decided())
def undo(
    session_id: SessionPath,
    speaker: Label,
    body: UndoBody,
    request: MemberRequest,
    decider: CurrentDecider,
) -> ClaimAnswer:
    """Undo a change of a claim that concerns the caller; the history of claims has its number."""
    event = request_events.undo(request, session_id, speaker, body.change)
    return decider.claim(event)


@router.post("/counts", responses=decided())
def judge(
    session_id: SessionPath,
    body: VerdictBody,
    request: CurrentRequest,
    services: Provided,
    decider: CurrentDecider,
) -> ClaimAnswer:
    """Say of one count of one's own voice whether it was said; totals follow at once."""
    at_table = may_change(services.directory, session_id, request.by)
    event = request_events.verdict(request, session_id, body, at_table=at_table)
    return decider.claim(event, hidden=None if at_table else not_found)


@router.post("/hints", responses=decided())
def hint(
    session_id: SessionPath, body: HintBody, request: MemberRequest, decider: CurrentDecider
) -> RequestAnswer:
    """Say how many people were there."""
    event = request_events.hint(request, session_id, body.speakers)
    return decider.session(event)


@router.post("/speakers/merge", responses=decided())
def merge(
    session_id: SessionPath, body: MergeBody, request: MemberRequest, decider: CurrentDecider
) -> RequestAnswer:
    """Two speakers are one person."""
    event = request_events.merge(request, session_id, body.target, body.source)
    return decider.session(event)


@router.post("/speakers/split", responses=decided())
def split(
    session_id: SessionPath, body: SplitBody, request: MemberRequest, decider: CurrentDecider
) -> RequestAnswer:
    """One speaker is two people."""
    event = request_events.split(request, session_id, body.speaker)
    return decider.session(event)


@router.post("/corrections/{correction}/undo", responses=decided())
def undo_correction(
    session_id: SessionPath,
    correction: Annotated[int, within(CORRECTION)],
    request: MemberRequest,
    decider: CurrentDecider,
) -> RequestAnswer:
    """Take a hint, a merge or a split back; the list of corrections has its number.

    Voices get their labels, claims and verdicts back. The person who said it may, the
    session's owner, and those whose voices it changed.
    """
    event = request_events.undo_correction(request, session_id, correction)
    return decider.session(event)


def _claim(
    directory: Directory, request: ClientRequest, session_id: SessionId, body: ClaimBody
) -> ClaimRequested | TagRequested:
    """A claim for another user is a tag, unless that user lets the caller claim at once."""
    if body.user_id is None:
        return request_events.claim(request, session_id, body)
    if body.user_id == request.by:
        own = ClaimBody(speaker=body.speaker, claim="self")
        return request_events.claim(request, session_id, own)
    if _takes_effect_at_once(directory, request.by, body.user_id):
        return request_events.claim(request, session_id, body)
    return request_events.tag(request, session_id, body.speaker, body.user_id)


def _takes_effect_at_once(directory: Directory, by: UserId, user: UserId) -> bool:
    """Only when that user chose it, and shares a group with the caller."""
    person = directory.person(user)
    if person is None or not person.tags_take_effect_at_once:
        return False
    return directory.share_a_group(by, user)

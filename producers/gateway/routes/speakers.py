"""Whose voice: claims, tags, head-counts, merges and splits. The fold that owns the session decides; its decision is the answer."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from adapters.http.problems import not_found
from producers.gateway import request_events
from producers.gateway.request_models import ClaimBody, HintBody, MergeBody, SplitBody
from producers.gateway.responses import DECIDED, Parts, RequestId, answer, asked, may_change
from schemas import topics
from schemas.claim_events import ClaimRequested, TagAnswered, TagRequested
from schemas.ids import SpeakerLabel, UserId


def router(parts: Parts) -> APIRouter:
    """Everything about the speakers of a session."""
    found = APIRouter(prefix="/v1/sessions/{session_id}", tags=["speakers"])
    _claims(found, parts)
    _constraints(found, parts)
    return found


def _claims(app: APIRouter, parts: Parts) -> None:
    user_of = Annotated[UserId, Depends(parts.users.user)]

    @app.post("/claims", responses=DECIDED)
    def claim(
        session_id: UUID, body: ClaimBody, user: user_of, response: Response, key: RequestId = None
    ) -> dict[str, Any]:
        """Say whose voice a speaker is. Who was tagged agrees by claiming the voice for themself."""
        request = asked(parts, user, key)
        if may_change(parts.directory, session_id, user):
            return answer(
                parts,
                request,
                topics.CLAIMS_REQUESTED,
                _claimed(parts, request, str(session_id), body),
                response,
            )
        if body.claim != "self":
            raise not_found()
        agreed = request_events.agree(request, str(session_id), body.speaker)
        return answer(parts, request, topics.CLAIMS_REQUESTED, agreed, response, hidden=not_found)

    @app.delete("/claims/{speaker}", responses=DECIDED)
    def release(
        session_id: UUID,
        speaker: SpeakerLabel,
        user: user_of,
        response: Response,
        key: RequestId = None,
    ) -> dict[str, Any]:
        """Take a claim back, or say no to a tag."""
        request = asked(parts, user, key)
        hidden = None if may_change(parts.directory, session_id, user) else not_found
        return answer(
            parts,
            request,
            topics.CLAIMS_REQUESTED,
            request_events.release(request, str(session_id), speaker),
            response,
            hidden,
        )


def _claimed(
    parts: Parts, request: request_events.ClientRequest, session_id: str, body: ClaimBody
) -> ClaimRequested | TagRequested | TagAnswered:
    """A tag takes effect at once only when that person said so, and shares a group with whoever tags them."""
    if body.claim != "user" or body.user_id is None:
        return request_events.claim(request, session_id, body)
    if body.user_id == request.by:
        return request_events.claim(
            request, session_id, ClaimBody(speaker=body.speaker, claim="self")
        )
    person = parts.directory.person(body.user_id)
    if (
        person is not None
        and person.tags_take_effect_at_once
        and parts.directory.share_a_group(request.by, body.user_id)
    ):
        return request_events.claim(request, session_id, body)
    return request_events.tag(request, session_id, body.speaker, body.user_id)


def _constraints(app: APIRouter, parts: Parts) -> None:
    user_of = Annotated[UserId, Depends(parts.users.user)]

    def refuse_strangers(session_id: UUID, user: user_of) -> UserId:
        if not may_change(parts.directory, session_id, user):
            raise not_found()
        return user

    member = Annotated[UserId, Depends(refuse_strangers)]

    @app.post("/hints", responses=DECIDED)
    def hint(
        session_id: UUID, body: HintBody, user: member, response: Response, key: RequestId = None
    ) -> dict[str, Any]:
        """Say how many people were there."""
        request = asked(parts, user, key)
        return answer(
            parts,
            request,
            topics.INBOUND,
            request_events.hint(request, str(session_id), body.speakers),
            response,
        )

    @app.post("/speakers/merge", responses=DECIDED)
    def merge(
        session_id: UUID, body: MergeBody, user: member, response: Response, key: RequestId = None
    ) -> dict[str, Any]:
        """Two speakers are one person."""
        request = asked(parts, user, key)
        return answer(
            parts,
            request,
            topics.INBOUND,
            request_events.merge(request, str(session_id), body.target, body.source),
            response,
        )

    @app.post("/speakers/split", responses=DECIDED)
    def split(
        session_id: UUID, body: SplitBody, user: member, response: Response, key: RequestId = None
    ) -> dict[str, Any]:
        """One speaker is two people."""
        request = asked(parts, user, key)
        return answer(
            parts,
            request,
            topics.INBOUND,
            request_events.split(request, str(session_id), body.speaker),
            response,
        )

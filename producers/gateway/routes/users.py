"""The caller's profile and share links. The users fold decides; its decision is the answer."""

from fastapi import APIRouter

from adapters.http.fields import ShareDigest
from producers.gateway import request_events
from producers.gateway.answer_models import (
    Pending,
    RequestAnswer,
    ShareAnswer,
    Shared,
    SharePending,
)
from producers.gateway.caller_first import CallerFirst
from producers.gateway.dependencies import CurrentRequest, Provided
from producers.gateway.request_models import ProfileBody, ShareBody
from producers.gateway.responses import CurrentDecider, decided
from schemas.ids import secret_digest

router = APIRouter(route_class=CallerFirst, prefix="/v1/users/me", tags=["people"])


@router.patch("", responses=decided())
def profile(body: ProfileBody, request: CurrentRequest, decider: CurrentDecider) -> RequestAnswer:
    """Change the caller's name, and the choices that the caller agrees to."""
    event = request_events.change_profile(request, body)
    return decider.user(event)


@router.post("/sign-out", responses=decided())
def sign_out(request: CurrentRequest, decider: CurrentDecider) -> RequestAnswer:
    """Every browser that the caller signed in with before has to sign in again, in ten minutes."""
    event = request_events.sign_out(request)
    return decider.user(event)


@router.post("/shares", status_code=201, responses=decided(SharePending))
def share(
    body: ShareBody, request: CurrentRequest, services: Provided, decider: CurrentDecider
) -> ShareAnswer:
    """A link to the caller's card, good for everybody who has it, until it is revoked."""
    secret = services.invites.link(request.request_id, request.by)
    digest = secret_digest(secret)
    event = request_events.share(request, digest, body)
    answer = decider.user(event)
    path = f"/share/{secret}"
    if isinstance(answer, Pending):
        return SharePending(request_id=answer.request_id, see=answer.see, share=digest, path=path)
    return Shared(request_id=answer.request_id, share=digest, path=path)


@router.delete("/shares/{share}", responses=decided())
def revoke(share: ShareDigest, request: CurrentRequest, decider: CurrentDecider) -> RequestAnswer:
    """The link leads nowhere from now on."""
    event = request_events.revoke_share(request, share)
    return decider.user(event)

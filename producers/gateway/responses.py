"""A decision as an HTTP answer: waited for, said, or refused with a type and what to do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Header, Response

from adapters.http.problems import Refusal, documented, not_found
from adapters.http.tokens import UploadTokens, UserTokens
from producers.gateway.directory import Decision, Directory
from producers.gateway.ingest import Ingest
from producers.gateway.invites import Invites
from producers.gateway.request_events import ClientRequest
from schemas.claim_events import ClaimRejected, SpeakerClaimed, SpeakerReleased, SpeakerTagged
from schemas.event import Event
from schemas.ids import UserId
from schemas.people_events import GroupChangeDecided, UserChangeDecided
from schemas.session_events import RequestRejected, SessionErased, SessionListing, State
from schemas.topics import Topic

ANSWER_WAIT_S = 5.0
DECIDED: dict[int | str, dict[str, Any]] = {
    202: {"description": "Not decided within 5 s: `see` says where to look"},
    **documented(409, 410),
}
RequestId = Annotated[UUID | None, Header(alias="Idempotency-Key")]


@dataclass(frozen=True)
class Parts:
    """What the routes work with."""

    writer: Ingest
    directory: Directory
    users: UserTokens
    uploads: UploadTokens
    invites: Invites


def asked(parts: Parts, user: UserId, key: UUID | None) -> ClientRequest:
    """The request's id is the caller's key, so that a retry is the same request."""
    return ClientRequest(str(key or uuid4()), user, parts.writer.now_ms())


def answer(
    parts: Parts,
    request: ClientRequest,
    topic: Topic,
    event: Event,
    response: Response,
    hidden: Callable[[], Refusal] | None = None,
) -> dict[str, Any]:
    """Blocking: ask, and wait for the one writer's decision. `hidden`: what a stranger is told, whatever the reason is."""
    parts.writer.ask(topic, event)
    decision = parts.directory.await_decision(request.request_id, ANSWER_WAIT_S)
    if decision is None:
        response.status_code = 202
        return {
            "request_id": request.request_id,
            "outcome": "pending",
            "see": f"/v1/requests/{request.request_id}",
        }
    reason = _reason(decision)
    if reason is not None:
        raise hidden() if hidden else refused(reason)
    return {"request_id": request.request_id, **_said(decision)}


def _reason(decision: Decision) -> str | None:
    match decision:
        case ClaimRejected() | RequestRejected() | GroupChangeDecided() | UserChangeDecided():
            return decision.reason
    return None


def _said(decision: Decision) -> dict[str, Any]:
    match decision:
        case SpeakerClaimed():
            return {
                "outcome": "claimed",
                "speaker": decision.speaker,
                "kind": decision.kind,
                "unclaimed": decision.unclaimed,
            }
        case SpeakerReleased():
            return {
                "outcome": "released",
                "speaker": decision.speaker,
                "unclaimed": decision.unclaimed,
            }
        case SpeakerTagged():
            return {"outcome": "asked", "speaker": decision.speaker, "user_id": decision.user_id}
        case SessionErased():
            return {"outcome": "erased"}
        case GroupChangeDecided():
            return {"outcome": "accepted", "group_id": decision.group_id}
    return {"outcome": "accepted"}


REFUSALS = {
    "no_such_speaker": (404, "This session has no such speaker."),
    "already_claimed": (409, "Somebody else claimed this speaker; ask for a release first."),
    "text_expired": (
        409,
        "The words of this session were removed, as its owner chose: its counts stand as they are.",
    ),
    "not_claimed": (409, "Nobody claimed this speaker."),
    "erased": (410, "This session was erased."),
    "not_ready": (409, "The speakers are not known yet: wait until the session is ready."),
    "not_yours": (404, "There is no such claim, or it is not yours."),
    "no_such_group": (404, "There is no such group, or it is not yours."),
    "no_such_member": (404, "The group has no such member."),
    "no_such_invite": (404, "This invite is not good, or not any more: ask for a new one."),
    "owner_only": (404, "There is no such group, or only its owner may do this."),
    "owner_stays": (409, "The owner cannot be removed: hand the group over first."),
    "hand_over_first": (409, "You own this group: hand it over before you leave."),
    "no_such_share": (404, "There is no such link, or it was revoked."),
    "too_many_shares": (409, "You have as many links as one may have: revoke one first."),
    "group_full": (409, "The group has as many members as a group may have."),
}


def refused(reason: str) -> Refusal:
    """A decision's reason as a problem."""
    status, detail = REFUSALS.get(reason, (409, "The request was refused."))
    return Refusal(status, reason.replace("_", "-"), "Refused", detail)


def refuse_erased(listing: SessionListing | None) -> None:
    """410 for what was erased."""
    if listing is not None and listing.state is State.ERASED:
        raise Refusal(410, "erased", "Erased", "This session was erased.")


def may_change(directory: Directory, session_id: UUID, user: UserId) -> bool:
    """Whether the caller recorded the session or is in its group. Refusal 404 when there is no such session, 410 when it was erased."""
    listing = directory.listing(str(session_id))
    if listing is None:
        raise not_found()
    allowed = listing.owner == user or directory.is_in(user, listing.group_id)
    if allowed:
        refuse_erased(listing)
    return allowed

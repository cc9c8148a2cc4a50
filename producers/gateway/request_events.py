"""Requests as events: who asks for what. Pure; ids come from the request's, so that a retry is the same event."""

from dataclasses import dataclass
from typing import TypedDict

from producers.gateway.request_models import ClaimBody, ProfileBody, ShareBody
from schemas.claim_events import (
    ClaimKind,
    ClaimRequested,
    ReleaseRequested,
    TagAnswered,
    TagRequested,
)
from schemas.ids import SessionId, SpeakerLabel, UserId
from schemas.people_events import (
    GroupAction,
    GroupChangeRequested,
    ShareRequested,
    UserChangeRequested,
    UserErasureRequested,
)
from schemas.session_requests import EraseRequested, HintRequested, MergeRequested, SplitRequested


class OfSession(TypedDict):
    """Fields that every request about a session has."""

    occurred_at_ms: int
    session_id: SessionId
    request_id: str
    by: UserId


@dataclass(frozen=True)
class ClientRequest:
    """One request: its id, who asks, and when (Unix milliseconds)."""

    request_id: str
    by: UserId
    now_ms: int

    def of_session(self, session_id: str) -> OfSession:
        """The fields that every request about a session has."""
        return OfSession(
            occurred_at_ms=self.now_ms,
            session_id=SessionId(session_id),
            request_id=self.request_id,
            by=self.by,
        )


def claim(request: ClientRequest, session_id: str, body: ClaimBody) -> ClaimRequested:
    """A voice is the caller's, another user's, or a guest's."""
    return ClaimRequested(
        **request.of_session(session_id),
        speaker=body.speaker,
        kind=ClaimKind(body.claim),
        user_id=UserId(body.user_id) if body.user_id else None,
        guest_name=body.guest_name,
    )


def tag(request: ClientRequest, session_id: str, speaker: SpeakerLabel, user: str) -> TagRequested:
    """A voice is somebody's who wants to be asked."""
    return TagRequested(**request.of_session(session_id), speaker=speaker, user_id=UserId(user))


def agree(request: ClientRequest, session_id: str, speaker: SpeakerLabel) -> TagAnswered:
    """The caller, who was tagged, agrees."""
    return TagAnswered(**request.of_session(session_id), speaker=speaker)


def release(request: ClientRequest, session_id: str, speaker: SpeakerLabel) -> ReleaseRequested:
    """A claim, or a tag, is taken back."""
    return ReleaseRequested(**request.of_session(session_id), speaker=speaker)


def hint(request: ClientRequest, session_id: str, speakers: int) -> HintRequested:
    """So many people were there."""
    return HintRequested(**request.of_session(session_id), speakers=speakers)


def merge(
    request: ClientRequest, session_id: str, target: SpeakerLabel, source: SpeakerLabel
) -> MergeRequested:
    """Two labels are one person."""
    return MergeRequested(**request.of_session(session_id), target=target, source=source)


def split(request: ClientRequest, session_id: str, speaker: SpeakerLabel) -> SplitRequested:
    """One label is two people."""
    return SplitRequested(**request.of_session(session_id), speaker=speaker)


@dataclass(frozen=True)
class Change:
    """What a group change needs besides its action."""

    name: str | None = None
    user: str | None = None
    invite: str | None = None
    invite_until_ms: int | None = None


def group(
    request: ClientRequest, group_id: str, action: GroupAction, change: Change
) -> GroupChangeRequested:
    """Something about a group shall change."""
    return GroupChangeRequested(
        occurred_at_ms=request.now_ms,
        group_id=group_id,
        request_id=request.request_id,
        by=request.by,
        action=action,
        name=change.name,
        user_id=UserId(change.user) if change.user else None,
        invite=change.invite,
        invite_until_ms=change.invite_until_ms,
    )


def share(request: ClientRequest, secret_digest: str, body: ShareBody) -> ShareRequested:
    """A link to the caller's card."""
    return _share(
        request,
        secret_digest,
        body.first.isoformat(),
        body.last.isoformat(),
        show_name=body.show_name,
        revoke=False,
    )


def unshare(request: ClientRequest, secret_digest: str) -> ShareRequested:
    """The link is not good any more."""
    return _share(request, secret_digest, "", "", show_name=False, revoke=True)


def erase(request: ClientRequest, session_id: str) -> EraseRequested:
    """The session shall be gone."""
    return EraseRequested(**request.of_session(session_id))


def forget(request: ClientRequest) -> UserErasureRequested:
    """The caller shall be forgotten."""
    return UserErasureRequested(
        occurred_at_ms=request.now_ms,
        user_id=request.by,
        request_id=request.request_id,
    )


def _share(
    request: ClientRequest,
    secret_digest: str,
    first: str,
    last: str,
    *,
    show_name: bool,
    revoke: bool,
) -> ShareRequested:
    return ShareRequested(
        occurred_at_ms=request.now_ms,
        user_id=request.by,
        request_id=request.request_id,
        share=secret_digest,
        first=first,
        last=last,
        show_name=show_name,
        revoke=revoke,
    )


def profile(request: ClientRequest, body: ProfileBody) -> UserChangeRequested:
    """The caller's profile shall change."""
    return UserChangeRequested(
        occurred_at_ms=request.now_ms,
        user_id=request.by,
        request_id=request.request_id,
        **body.model_dump(),
    )

"""Requests of callers as events. Pure.

An event's identity holds the id of its request, so that a retry is the same event.
"""

from dataclasses import dataclass
from typing import TypedDict

from producers.gateway.request_models import ClaimBody, ProfileBody, ShareBody, VerdictBody
from schemas.claim_events import (
    ClaimKind,
    ClaimRequested,
    ReleaseRequested,
    TagAnswered,
    TagRequested,
    UndoRequested,
    Verdict,
    VerdictRequested,
)
from schemas.days import unix_ms_of
from schemas.ids import SessionId, SpeakerLabel, UserId
from schemas.people_events import (
    GroupAction,
    GroupChangeRequested,
    ShareRequested,
    UserChangeRequested,
    UserErasureRequested,
)
from schemas.session_requests import (
    CorrectionUndoRequested,
    EraseRequested,
    HintRequested,
    MergeRequested,
    SplitRequested,
)


class SessionFields(TypedDict):
    """Fields of every request about a session."""

    occurred_at_ms: int
    session_id: SessionId
    request_id: str
    by: UserId


class UserFields(TypedDict):
    """Fields of every request about the caller."""

    occurred_at_ms: int
    user_id: UserId
    request_id: str


@dataclass(frozen=True)
class ClientRequest:
    """One request: its id, its caller, and its time (Unix milliseconds).

    `asked`: fingerprint of all that it asks for.
    """

    request_id: str
    by: UserId
    now_ms: int
    asked: str = ""

    def about(self, session_id: SessionId) -> SessionFields:
        """Fields of this request as one about a session."""
        return SessionFields(
            occurred_at_ms=self.now_ms,
            session_id=session_id,
            request_id=self.request_id,
            by=self.by,
        )

    def about_caller(self) -> UserFields:
        """Fields of this request as one about the caller."""
        return UserFields(occurred_at_ms=self.now_ms, user_id=self.by, request_id=self.request_id)


def claim(request: ClientRequest, session_id: SessionId, body: ClaimBody) -> ClaimRequested:
    """A voice is the caller's, another user's, or a guest's."""
    return ClaimRequested(
        **request.about(session_id),
        speaker=body.speaker,
        kind=ClaimKind(body.claim),
        user_id=body.user_id,
        guest_name=body.guest_name,
    )


def tag(
    request: ClientRequest, session_id: SessionId, speaker: SpeakerLabel, user_id: UserId
) -> TagRequested:
    """A voice is that of a user, who has to agree first."""
    return TagRequested(**request.about(session_id), speaker=speaker, user_id=user_id)


def agree(
    request: ClientRequest,
    session_id: SessionId,
    speaker: SpeakerLabel,
) -> TagAnswered:
    """The caller, who was tagged, agrees."""
    return TagAnswered(**request.about(session_id), speaker=speaker)


def release(
    request: ClientRequest, session_id: SessionId, speaker: SpeakerLabel, *, at_table: bool
) -> ReleaseRequested:
    """A claim, or a tag, is taken back."""
    return ReleaseRequested(**request.about(session_id), speaker=speaker, at_table=at_table)


def undo(
    request: ClientRequest, session_id: SessionId, speaker: SpeakerLabel, change: int
) -> UndoRequested:
    """The claim on a voice shall be as it was before a change."""
    return UndoRequested(**request.about(session_id), speaker=speaker, change=change)


def verdict(
    request: ClientRequest, session_id: SessionId, body: VerdictBody, *, at_table: bool
) -> VerdictRequested:
    """One count was said, or was not."""
    return VerdictRequested(
        **request.about(session_id),
        speaker=body.speaker,
        word=body.word,
        said_at_ms=unix_ms_of(body.said_at),
        verdict=Verdict.NONE if body.verdict == "none" else Verdict(body.verdict),
        at_table=at_table,
    )


def hint(
    request: ClientRequest,
    session_id: SessionId,
    speakers: int,
) -> HintRequested:
    """This number of people talked."""
    return HintRequested(**request.about(session_id), speakers=speakers)


def merge(
    request: ClientRequest, session_id: SessionId, target: SpeakerLabel, source: SpeakerLabel
) -> MergeRequested:
    """Two labels are one person; `target` remains."""
    return MergeRequested(**request.about(session_id), target=target, source=source)


def split(
    request: ClientRequest,
    session_id: SessionId,
    speaker: SpeakerLabel,
) -> SplitRequested:
    """One label is two people."""
    return SplitRequested(**request.about(session_id), speaker=speaker)


def undo_correction(
    request: ClientRequest, session_id: SessionId, correction: int
) -> CorrectionUndoRequested:
    """A hint, a merge or a split is taken back."""
    return CorrectionUndoRequested(**request.about(session_id), correction=correction)


def erase(request: ClientRequest, session_id: SessionId) -> EraseRequested:
    """The session shall be erased."""
    return EraseRequested(**request.about(session_id))


@dataclass(frozen=True)
class GroupChange:
    """An action on a group and its arguments. `invite` is the digest of a code."""

    action: GroupAction
    name: str | None = None
    user_id: UserId | None = None
    invite: str | None = None
    invite_until_ms: int | None = None


def change_group(
    request: ClientRequest, group_id: str, change: GroupChange
) -> GroupChangeRequested:
    """A group shall change."""
    return GroupChangeRequested(
        occurred_at_ms=request.now_ms,
        group_id=group_id,
        request_id=request.request_id,
        by=request.by,
        action=change.action,
        name=change.name,
        user_id=change.user_id,
        invite=change.invite,
        invite_until_ms=change.invite_until_ms,
    )


def share(request: ClientRequest, secret_digest: str, body: ShareBody) -> ShareRequested:
    """The caller wants a link to their card."""
    return ShareRequested(
        **request.about_caller(),
        share=secret_digest,
        first=body.first.isoformat(),
        last=body.last.isoformat(),
        show_name=body.show_name,
    )


def revoke_share(request: ClientRequest, secret_digest: str) -> ShareRequested:
    """The link shall lead nowhere."""
    return ShareRequested(
        **request.about_caller(),
        share=secret_digest,
        first="",
        last="",
        show_name=False,
        revoke=True,
    )


def change_profile(request: ClientRequest, body: ProfileBody) -> UserChangeRequested:
    """The caller's profile shall change."""
    return UserChangeRequested(**request.about_caller(), **body.model_dump())


def sign_out(request: ClientRequest) -> UserChangeRequested:
    """Every session of the caller's browsers that began before shall end."""
    return UserChangeRequested(**request.about_caller(), sign_out=True)


def erase_user(request: ClientRequest) -> UserErasureRequested:
    """Everything of the caller shall be erased."""
    return UserErasureRequested(**request.about_caller())

"""Whose voice: asked by the gateway, decided by the one fold that owns the session's credits."""

from enum import StrEnum

from schemas.event import SessionEvent
from schemas.ids import SpeakerLabel, UserId


class ClaimKind(StrEnum):
    """Who a voice is said to be: the caller, another user, or somebody without an account."""

    SELF = "self"
    USER = "user"
    GUEST = "guest"


class ClaimRequested(SessionEvent, identity=("session_id", "request_id")):
    """`by` says that `speaker` is themself, `user_id`, or the guest `guest_name`."""

    request_id: str
    speaker: SpeakerLabel
    by: UserId
    kind: ClaimKind
    user_id: UserId | None = None
    guest_name: str | None = None


class ReleaseRequested(SessionEvent, identity=("session_id", "request_id")):
    """`by` takes the claim on `speaker` back."""

    request_id: str
    speaker: SpeakerLabel
    by: UserId


class TagRequested(SessionEvent, identity=("session_id", "request_id")):
    """`by` says that `speaker` is `user_id`, who wants to be asked first: nothing is credited until that person agrees."""

    request_id: str
    speaker: SpeakerLabel
    by: UserId
    user_id: UserId


class TagAnswered(SessionEvent, identity=("session_id", "request_id")):
    """`by`, whom somebody tagged, says that this is their voice."""

    request_id: str
    speaker: SpeakerLabel
    by: UserId


class SpeakerTagged(SessionEvent, identity=("session_id", "request_id")):
    """The tag waits for the person's answer."""

    request_id: str
    speaker: SpeakerLabel
    by: UserId
    user_id: UserId
    claim_version: int


class SpeakerClaimed(SessionEvent, identity=("session_id", "request_id")):
    """The claim stands; `unclaimed` speakers of the session are left."""

    request_id: str
    speaker: SpeakerLabel
    by: UserId
    kind: ClaimKind
    user_id: UserId | None
    guest_name: str | None
    claim_version: int
    unclaimed: int


class SpeakerReleased(SessionEvent, identity=("session_id", "request_id")):
    """The speaker is free again."""

    request_id: str
    speaker: SpeakerLabel
    by: UserId
    claim_version: int
    unclaimed: int


class ClaimRejected(SessionEvent, identity=("session_id", "request_id")):
    """Refused: `not_ready`, `no_such_speaker`, `already_claimed`, `not_claimed`, `not_tagged`, `not_yours`."""

    request_id: str
    speaker: SpeakerLabel
    by: UserId
    reason: str


Requested = ClaimRequested | ReleaseRequested | TagRequested | TagAnswered
Decided = SpeakerClaimed | SpeakerReleased | SpeakerTagged | ClaimRejected

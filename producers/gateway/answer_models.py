"""The JSON answers of the write side, as the OpenAPI document shows them."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.claim_events import ClaimKind, VerdictName
from schemas.ids import SessionId, SpeakerLabel, UserId
from schemas.session_events import State

SESSION = "0192f3c4-5b6a-7c8d-9e0f-112233445566"
REQUEST = "3f2b8c1e-7a54-4d0b-9c36-5e8f1a2b3c4d"
GROUP = "7d9e4f60-1b2c-5d3e-8f4a-6b7c8d9e0f1a"
DIGEST = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
Spans = list[tuple[int, int]]
"""Numbers of chunks, from and to, both included."""


def example(**fields: Any) -> ConfigDict:
    """The configuration of a frozen model and its example. Its errors, in a log, say no value."""
    return ConfigDict(
        frozen=True, hide_input_in_errors=True, json_schema_extra={"examples": [fields]}
    )


class SessionStart(BaseModel):
    """The session is known; the token allows uploads to it."""

    model_config = example(
        session_id=SESSION,
        upload_token="eyJhbGciOiJIUzI1NiJ9.…",  # noqa: S106
        clock_corrected=False,
    )
    session_id: SessionId
    upload_token: str
    clock_corrected: bool = Field(
        description="The phone's clock cannot be right: the session is dated by its arrival."
    )


class Receipt(BaseModel):
    """The chunk is stored and Kafka acknowledged its event: the phone may delete it."""

    model_config = example(
        session_id=SESSION, seq=3, sha256=DIGEST, bytes=240_117, duration_ms=30_000
    )
    session_id: SessionId
    seq: int
    sha256: str
    bytes: int
    duration_ms: int = Field(
        description="The duration that counts: that of the audio, if Lah-Duration-Ms differs."
    )


class ChunkListing(BaseModel):
    """The chunks that the log has.

    `conflicts` were uploaded with other bytes. `expected` is null until the phone is done.
    """

    model_config = example(
        received=[(0, 4), (6, 6)],
        missing=[(5, 5)],
        conflicts=[],
        expected=7,
        state="recording",
    )
    received: Spans
    missing: Spans
    conflicts: list[int]
    expected: int | None
    state: State


class SessionEnd(BaseModel):
    """The phone is done; the session has this number of chunks."""

    model_config = example(session_id=SESSION, chunks=7)
    session_id: SessionId
    chunks: int


class Pending(BaseModel):
    """Not decided within five seconds (status 202): `see` answers once it is."""

    model_config = example(request_id=REQUEST, outcome="pending", see=f"/v1/requests/{REQUEST}")
    request_id: str
    outcome: Literal["pending"] = "pending"
    see: str


class Claimed(BaseModel):
    """The claim counts; `unclaimed` speakers of the session have none."""

    model_config = example(
        request_id=REQUEST, outcome="claimed", speaker="S1", kind="self", unclaimed=1
    )
    request_id: str
    outcome: Literal["claimed"] = "claimed"
    speaker: SpeakerLabel
    kind: ClaimKind
    unclaimed: int


class Released(BaseModel):
    """The speaker is free again."""

    model_config = example(request_id=REQUEST, outcome="released", speaker="S1", unclaimed=2)
    request_id: str
    outcome: Literal["released"] = "released"
    speaker: SpeakerLabel
    unclaimed: int


class Judged(BaseModel):
    """The count has this verdict now; `none`: the evidence decides again."""

    model_config = example(
        request_id=REQUEST,
        outcome="judged",
        speaker="S1",
        word="lah",
        said_at="2026-11-24T12:00:07.250000Z",
        verdict="struck",
    )
    request_id: str
    outcome: Literal["judged"] = "judged"
    speaker: SpeakerLabel
    word: str
    said_at: datetime
    verdict: VerdictName


class Tagged(BaseModel):
    """`user_id` is asked to agree; nothing counts until then."""

    model_config = example(request_id=REQUEST, outcome="asked", speaker="S2", user_id="mei")
    request_id: str
    outcome: Literal["asked"] = "asked"
    speaker: SpeakerLabel
    user_id: UserId


class Accepted(BaseModel):
    """The request took effect."""

    model_config = example(request_id=REQUEST, outcome="accepted")
    request_id: str
    outcome: Literal["accepted"] = "accepted"


class Erased(BaseModel):
    """The session is erased for everyone."""

    model_config = example(request_id=REQUEST, outcome="erased")
    request_id: str
    outcome: Literal["erased"] = "erased"


class GroupAccepted(Accepted):
    """The change of the group took effect."""

    model_config = example(request_id=REQUEST, outcome="accepted", group_id=GROUP)
    group_id: str


class Invite(BaseModel):
    """A code that lets people join; only this answer names it."""

    invite_code: str
    good_for_s: int = Field(description="Seconds from now.")


INVITED = {"group_id": GROUP, "invite_code": "K7QM-2XPA-9LTZ", "good_for_s": 604_800}


class GroupInvited(GroupAccepted, Invite):
    """The change took effect, and the group has a new invite."""

    model_config = example(request_id=REQUEST, outcome="accepted", **INVITED)


class InvitePending(Pending, Invite):
    """Not decided yet; the invite is good once it is."""

    model_config = example(
        request_id=REQUEST, outcome="pending", see=f"/v1/requests/{REQUEST}", **INVITED
    )
    group_id: str


class ShareLink(BaseModel):
    """A link to a share card: `path` is on the read side, `share` names the link for revoking."""

    share: str
    path: str


LINK = {"share": DIGEST, "path": "/share/mfrggzdfmztwq2lkobuhk4tfmu"}


class Shared(Accepted, ShareLink):
    """The link is good until it is revoked."""

    model_config = example(request_id=REQUEST, outcome="accepted", **LINK)


class SharePending(Pending, ShareLink):
    """Not decided yet; the link is good once it is."""

    model_config = example(
        request_id=REQUEST, outcome="pending", see=f"/v1/requests/{REQUEST}", **LINK
    )


class UserErased(Accepted):
    """The profile is gone; `sessions` that the caller recorded are being erased."""

    model_config = example(request_id=REQUEST, outcome="accepted", sessions=12)
    sessions: int


class UserErasurePending(Pending):
    """Not decided yet; `sessions` that the caller recorded are erased once it is."""

    model_config = example(
        request_id=REQUEST, outcome="pending", see=f"/v1/requests/{REQUEST}", sessions=12
    )
    sessions: int


ClaimAnswer = Claimed | Released | Tagged | Judged | Pending
RequestAnswer = Accepted | Pending
EraseAnswer = Erased | Pending
GroupAnswer = GroupAccepted | Pending
InviteAnswer = GroupInvited | InvitePending
ShareAnswer = Shared | SharePending
UserErasureAnswer = UserErased | UserErasurePending

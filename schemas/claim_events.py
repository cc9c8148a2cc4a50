"""Claims on speakers: requests of the gateway, decisions of the fold `credits`."""

from enum import StrEnum
from typing import Literal

from schemas.event import SessionEvent
from schemas.ids import SpeakerLabel, UserId


class ClaimKind(StrEnum):
    """The person that a speaker is said to be: the caller, another user, or a guest."""

    SELF = "self"
    USER = "user"
    GUEST = "guest"


class Verdict(StrEnum):
    """The word of a voice's owner about one count of it.

    `SAID`: it counts, also when it is a maybe. `STRUCK`: it does not count. `NONE`: the former
    verdict is taken back, and the evidence decides again.
    """

    SAID = "said"
    STRUCK = "struck"
    NONE = ""


VerdictName = Literal["said", "struck", "none"]
"""A verdict as people send and read it."""
VERDICT_NAMES: dict[Verdict, VerdictName] = {
    Verdict.SAID: "said",
    Verdict.STRUCK: "struck",
    Verdict.NONE: "none",
}


class ClaimRequested(SessionEvent, identity=("session_id", "request_id")):
    """`by` claims `speaker` for themself, for `user_id`, or for the guest `guest_name`."""

    request_id: str
    speaker: SpeakerLabel
    by: UserId
    kind: ClaimKind
    user_id: UserId | None = None
    guest_name: str | None = None


class ReleaseRequested(SessionEvent, identity=("session_id", "request_id")):
    """`by` takes back the claim on `speaker`, or the tag.

    `at_table`: whether the session was theirs, or their group's, when they asked. Others let go of
    their own voice alone, whatever they said of voices before they left.
    """

    request_id: str
    speaker: SpeakerLabel
    by: UserId
    at_table: bool = True


class UndoRequested(SessionEvent, identity=("session_id", "request_id")):
    """`by` wants the claim on `speaker` to be as it was before the change of that number."""

    request_id: str
    speaker: SpeakerLabel
    by: UserId
    change: int


class TagRequested(SessionEvent, identity=("session_id", "request_id")):
    """`by` says that `speaker` is `user_id`.

    Nothing is credited until that user agrees.
    """

    request_id: str
    speaker: SpeakerLabel
    by: UserId
    user_id: UserId


class TagAnswered(SessionEvent, identity=("session_id", "request_id")):
    """`by` was tagged and agrees: `speaker` is them."""

    request_id: str
    speaker: SpeakerLabel
    by: UserId


class VerdictRequested(SessionEvent, identity=("session_id", "request_id")):
    """`by` says of one count of `speaker`, that of `word` at `said_at_ms`, whether it was said.

    The place in the recording names the count: rows have other numbers after each recount.
    `at_table`: as of a release. Others judge their own voice alone, and no guest's.
    """

    request_id: str
    speaker: SpeakerLabel
    by: UserId
    word: str
    said_at_ms: int
    verdict: Verdict
    at_table: bool = True


class SpeakerTagged(SessionEvent, identity=("session_id", "request_id")):
    """The tag waits for the agreement of `user_id`."""

    request_id: str
    speaker: SpeakerLabel
    by: UserId
    user_id: UserId
    claim_version: int


class SpeakerClaimed(SessionEvent, identity=("session_id", "request_id")):
    """The claim is valid. `unclaimed` speakers of the session are left.

    A higher `claim_version` replaces a lower one.
    """

    request_id: str
    speaker: SpeakerLabel
    by: UserId
    kind: ClaimKind
    user_id: UserId | None
    guest_name: str | None
    claim_version: int
    unclaimed: int


class SpeakerReleased(SessionEvent, identity=("session_id", "request_id")):
    """The speaker has no claim any more.

    `by` is empty when a new generation lost the speaker, or its person left.
    """

    request_id: str
    speaker: SpeakerLabel
    by: UserId
    claim_version: int
    unclaimed: int


class CountJudged(SessionEvent, identity=("session_id", "request_id")):
    """The count of `word` at `said_at_ms`, Unix milliseconds, has this verdict now.

    `day` is the day that the count belongs to. `by` is empty when a new generation has the count at
    another place. A higher `claim_version` replaces a lower one.
    """

    request_id: str
    speaker: SpeakerLabel
    by: UserId
    word: str
    said_at_ms: int
    day: str
    verdict: Verdict
    claim_version: int


class ClaimRejected(SessionEvent, identity=("session_id", "request_id")):
    """The request had no effect.

    `reason`: `not_ready`, `no_such_speaker`, `already_claimed`, `not_claimed`, `not_tagged`,
    `not_yours`, `claimed_since`, `no_such_change`, `changed_since`, `no_such_count`,
    `judged_since`, `too_many_verdicts`, `erased`, or why it could not be handled.
    """

    request_id: str
    speaker: SpeakerLabel
    by: UserId
    reason: str


class ForgetRequested(SessionEvent, identity=("session_id", "request_id")):
    """`by` leaves: their voices are released, and changes that name them cannot be undone.

    Claims that are newer than the request stay. The stage `erasure` asks for it. Nobody is
    answered.
    """

    request_id: str
    by: UserId


AboutSpeaker = ClaimRequested | ReleaseRequested | TagRequested | TagAnswered | UndoRequested
"""Requests about a speaker as a whole."""
Requested = AboutSpeaker | VerdictRequested
Decided = SpeakerClaimed | SpeakerReleased | SpeakerTagged | CountJudged | ClaimRejected

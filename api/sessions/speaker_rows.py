"""Rows of the queries about the speakers of a session: their counts, clips and claims."""

from datetime import datetime
from typing import Literal

from adapters.warehouse import TypedRow
from schemas.claim_events import Verdict
from schemas.ids import SpeakerLabel, UserId

ClaimedAs = Literal["self", "user", "guest", "tag"]


class CountRow(TypedRow, frozen=True):
    """One word of one speaker. An empty word carries the recognised words and the talk time."""

    speaker: SpeakerLabel
    word: str
    count: int
    spoken: int
    talk_ms: int


class SpeakerCountRow(CountRow, frozen=True):
    """The same, with turns and overlap."""

    turns: int
    overlap_ms: int


class SingleCountRow(TypedRow, frozen=True):
    """One count, or one word that a speaker may have said, and what its owner said of it."""

    speaker: SpeakerLabel
    word: str
    said_at: datetime
    probability: float
    maybe: bool
    verdict: Verdict

    @property
    def is_open(self) -> bool:
        """Whether it waits for its owner's word."""
        return self.maybe and self.verdict is Verdict.NONE

    @property
    def is_counted(self) -> bool:
        """Whether it is in the totals."""
        if self.verdict is Verdict.NONE:
            return not self.maybe
        return self.verdict is Verdict.SAID


class ClipRow(TypedRow, frozen=True):
    """A few seconds of one speaker, stored as an object."""

    speaker: SpeakerLabel
    ordinal: int
    start_ms: int
    end_ms: int
    generation: int


class ClaimRow(TypedRow, frozen=True):
    """The claim of a speaker; `display_name` is empty when the user never chose one."""

    speaker: SpeakerLabel
    kind: ClaimedAs
    user_id: UserId
    display_name: str
    guest_name: str
    claimed_by: UserId
    claimed_at: datetime


class TagRow(TypedRow, frozen=True):
    """A tag that waits for the caller. `display_name` is that of `claimed_by`, or empty."""

    speaker: SpeakerLabel
    claimed_by: UserId
    display_name: str
    claimed_at: datetime


class ClaimChangeRow(TypedRow, frozen=True):
    """The claim of a speaker after a change. `changed_by` is empty when nobody asked for it."""

    speaker: SpeakerLabel
    change: int
    kind: Literal[ClaimedAs, ""]
    user_id: UserId
    guest_name: str
    changed_by: UserId
    changed_at: datetime


class CorrectionRow(TypedRow, frozen=True):
    """A correction, or its undoing. A column that does not apply is empty or 0."""

    correction: int
    undone: bool
    kind: Literal["hint", "merge", "split"]
    speaker: SpeakerLabel
    other: SpeakerLabel
    speakers: int
    changed_by: UserId
    changed_at: datetime

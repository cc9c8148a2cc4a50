"""Rows of the queries about users."""

from datetime import datetime
from typing import Literal

from adapters.warehouse import TypedRow
from schemas.ids import SessionId, SpeakerLabel, UserId
from schemas.limits import KEEP_DAYS

Role = Literal["owner", "member"]


class ProfileRow(TypedRow, frozen=True):
    """A user's own settings."""

    display_name: str
    findable: bool
    on_board: bool
    tags_at_once: bool
    time_zone: str
    keep_transcript_days: int


NO_PROFILE = ProfileRow(
    display_name="",
    findable=False,
    on_board=False,
    tags_at_once=False,
    time_zone="",
    keep_transcript_days=KEEP_DAYS,
)
"""Somebody who never chose anything has agreed to nothing."""


class SignedOutRow(TypedRow, frozen=True):
    """Since when the sessions of a user's browsers are good."""

    signed_out_at_ms: int


class MembershipRow(TypedRow, frozen=True):
    """A group of the user, and the role in it."""

    group_id: str
    name: str
    role: Role


class TagRow(TypedRow, frozen=True):
    """A claim by somebody else that waits for the user's agreement."""

    session_id: SessionId
    speaker: SpeakerLabel
    claimed_by: UserId
    claimed_at: datetime


class NamedRow(TypedRow, frozen=True):
    """A user by name."""

    user_id: UserId
    display_name: str


class OwnDayRow(TypedRow, frozen=True):
    """Credited to a user for one speaker and day; `counts` has one entry a word."""

    session_id: SessionId
    speaker: SpeakerLabel
    words: list[str]
    counts: list[int]
    spoken: int
    talk_ms: int

    def counts_by_word(self) -> dict[str, int]:
        """Every word once, because the sink writes each word of a day once."""
        return dict(zip(self.words, self.counts, strict=True))


class BoardRow(NamedRow, frozen=True):
    """A user on the board of everyone. The rank is one more than how many have more counts."""

    counts: int
    rank: int

"""Bodies of the write side's JSON requests."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from adapters.http.fields import (
    ConsentText,
    CountedWord,
    Day,
    GroupId,
    Hint,
    Instant,
    InviteCode,
    Label,
    Name,
    TimeZone,
    User,
    within,
)
from schemas import limits
from schemas.claim_events import VerdictName
from schemas.limits import FIRST_DAY, LAST_DAY


class Strict(BaseModel):
    """A body in which every field is known, and of its kind: no text is a number or a choice.

    An error about one that we make ourselves goes to the log: it says no value.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class ConsentBody(Strict):
    """The owner's word that everyone present agreed."""

    text_version: ConsentText
    agreed_at: Instant


class StartBody(Strict):
    """`PUT /v1/sessions/{session_id}`.

    `keep_transcript_days` is what the owner chose in their profile, where the phone does not say.
    """

    time_zone: TimeZone
    recorded_at: Instant
    consent: ConsentBody
    group_id: GroupId | None = None
    speakers_hint: Hint | None = None
    keep_transcript_days: Annotated[int, within(limits.TRANSCRIPT_DAYS)] | None = None


class CompleteBody(Strict):
    """`POST /v1/sessions/{session_id}/complete`: the phone sent this number of chunks."""

    chunks: Annotated[int, within(limits.CHUNKS)]


class ClaimBody(Strict):
    """`POST /v1/sessions/{session_id}/claims`."""

    speaker: Label
    claim: Literal["self", "user", "guest"]
    user_id: User | None = None
    guest_name: Name | None = None

    @model_validator(mode="after")
    def _whole(self) -> "ClaimBody":
        if (self.claim == "user") != (self.user_id is not None):
            raise ValueError("user_id goes with claim user, and only with it")
        if (self.claim == "guest") != (self.guest_name is not None):
            raise ValueError("guest_name goes with claim guest, and only with it")
        return self


class UndoBody(Strict):
    """`POST /v1/sessions/{session_id}/claims/{speaker}/undo`: a number of the history of claims."""

    change: Annotated[int, within(limits.CHANGE)]


class VerdictBody(Strict):
    """`POST /v1/sessions/{session_id}/counts`: whether one count of the caller's voice was said.

    `said_at` and `word` name the count, as the read side lists it. `none` takes a verdict back.
    """

    speaker: Label
    word: CountedWord
    said_at: Instant
    verdict: VerdictName


class HintBody(Strict):
    """`POST /v1/sessions/{session_id}/hints`: this number of people talked."""

    speakers: Hint


class MergeBody(Strict):
    """`POST /v1/sessions/{session_id}/speakers/merge`: both are one person, labelled `target`."""

    target: Label
    source: Label


class SplitBody(Strict):
    """`POST /v1/sessions/{session_id}/speakers/split`: the speaker is two people."""

    speaker: Label


class GroupBody(Strict):
    """`POST /v1/groups`, `PATCH /v1/groups/{group_id}`."""

    name: Name


class JoinBody(Strict):
    """`POST /v1/groups/join`."""

    invite_code: InviteCode


class OwnerBody(Strict):
    """`POST /v1/groups/{group_id}/owner`."""

    user_id: User


class ShareBody(Strict):
    """`POST /v1/users/me/shares`: a link to the card of these days.

    The card names the caller only with `show_name`.
    """

    first: Day
    last: Day
    show_name: bool = False

    @model_validator(mode="after")
    def _ordered(self) -> "ShareBody":
        if not FIRST_DAY <= self.first <= self.last <= LAST_DAY:
            raise ValueError("first is not before last, and both are days that a calendar has")
        return self


class ProfileBody(Strict):
    """`PATCH /v1/users/me`; a field that is absent stays as it is.

    `time_zone` is that of sessions which the caller records on the pages from now on. Empty: that
    of the device that records.
    """

    display_name: Name | None = None
    findable: bool | None = None
    on_board: bool | None = None
    tags_take_effect_at_once: bool | None = None
    time_zone: TimeZone | Literal[""] | None = None
    keep_transcript_days: Annotated[int, within(limits.TRANSCRIPT_DAYS)] | None = None

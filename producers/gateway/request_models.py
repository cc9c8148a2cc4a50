"""Bodies of the write side's JSON requests."""

from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from schemas.days import FIRST, LAST
from schemas.ids import SpeakerLabel, UserId

ZONES = available_timezones()
Label = Annotated[SpeakerLabel, Field(min_length=1, max_length=20)]
User = Annotated[UserId, Field(min_length=1, max_length=128)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class Strict(BaseModel):
    """A body in which every field is known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ConsentBody(Strict):
    """The owner's word that everyone present agreed."""

    text_version: str = Field(min_length=1, max_length=40)
    agreed_at: AwareDatetime


class StartBody(Strict):
    """`PUT /v1/sessions/{session_id}`."""

    time_zone: str
    recorded_at: AwareDatetime
    consent: ConsentBody
    group_id: str | None = Field(default=None, max_length=64)
    speakers_hint: int | None = Field(default=None, ge=1, le=20)
    keep_transcript_days: int = Field(default=30, ge=0, le=3650)

    @field_validator("time_zone")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in ZONES:
            raise ValueError("not an IANA time zone, such as Asia/Singapore")
        return ZoneInfo(value).key


class CompleteBody(Strict):
    """`POST /v1/sessions/{session_id}/complete`: the phone sent this number of chunks."""

    chunks: int = Field(ge=0, le=5000)


class ClaimBody(Strict):
    """`POST /v1/sessions/{session_id}/claims`."""

    speaker: Label
    claim: Literal["self", "user", "guest"]
    user_id: User | None = None
    guest_name: str | None = Field(default=None, min_length=1, max_length=60)

    @model_validator(mode="after")
    def _whole(self) -> "ClaimBody":
        if (self.claim == "user") != (self.user_id is not None):
            raise ValueError("user_id goes with claim user, and only with it")
        if (self.claim == "guest") != (self.guest_name is not None):
            raise ValueError("guest_name goes with claim guest, and only with it")
        return self


class HintBody(Strict):
    """`POST /v1/sessions/{session_id}/hints`: this number of people talked."""

    speakers: int = Field(ge=1, le=20)


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

    invite_code: str = Field(min_length=4, max_length=40)


class OwnerBody(Strict):
    """`POST /v1/groups/{group_id}/owner`."""

    user_id: User


class ShareBody(Strict):
    """`POST /v1/users/me/shares`: a link to the card of these days.

    The card names the caller only with `show_name`.
    """

    first: date
    last: date
    show_name: bool = False

    @model_validator(mode="after")
    def _ordered(self) -> "ShareBody":
        if not FIRST <= self.first <= self.last <= LAST:
            raise ValueError("first is not before last, and both are days that a calendar has")
        return self


class ProfileBody(Strict):
    """`PATCH /v1/users/me`; a field that is absent stays as it is."""

    display_name: Name | None = None
    findable: bool | None = None
    on_board: bool | None = None
    tags_take_effect_at_once: bool | None = None

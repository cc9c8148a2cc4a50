"""Bodies of the write side's JSON calls."""

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
from schemas.ids import SpeakerLabel

ZONES = available_timezones()
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class Strict(BaseModel):
    """Refuses fields it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ConsentBody(Strict):
    """The owner's word that everyone present agreed."""

    text_version: str = Field(min_length=1, max_length=40)
    agreed_at: AwareDatetime


class StartBody(Strict):
    """`PUT /v1/sessions/{id}`."""

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
    """`POST …/complete`."""

    chunks: int = Field(ge=0, le=5000)


class ClaimBody(Strict):
    """`POST …/claims`."""

    speaker: SpeakerLabel = Field(min_length=1, max_length=20)
    claim: Literal["self", "user", "guest"]
    user_id: str | None = Field(default=None, min_length=1, max_length=128)
    guest_name: str | None = Field(default=None, min_length=1, max_length=60)

    @model_validator(mode="after")
    def _whole(self) -> "ClaimBody":
        if (self.claim == "user") != (self.user_id is not None):
            raise ValueError("user_id goes with claim user, and only with it")
        if (self.claim == "guest") != (self.guest_name is not None):
            raise ValueError("guest_name goes with claim guest, and only with it")
        return self


class HintBody(Strict):
    """`POST …/hints`."""

    speakers: int = Field(ge=1, le=20)


class MergeBody(Strict):
    """`POST …/speakers/merge`: `source` is the same person as `target`, who keeps the label."""

    target: SpeakerLabel = Field(min_length=1, max_length=20)
    source: SpeakerLabel = Field(min_length=1, max_length=20)


class SplitBody(Strict):
    """`POST …/speakers/split`."""

    speaker: SpeakerLabel = Field(min_length=1, max_length=20)


class GroupBody(Strict):
    """`POST /v1/groups`, `PATCH /v1/groups/{id}`."""

    name: Name


class JoinBody(Strict):
    """`POST /v1/groups/join`."""

    invite_code: str = Field(min_length=4, max_length=40)


class OwnerBody(Strict):
    """`POST /v1/groups/{id}/owner`."""

    user_id: str = Field(min_length=1, max_length=128)


class ShareBody(Strict):
    """`POST /v1/users/me/shares`: a link to the card of these days; the name is on it only when that is said."""

    first: date
    last: date
    show_name: bool = False

    @model_validator(mode="after")
    def _ordered(self) -> "ShareBody":
        if not FIRST <= self.first <= self.last <= LAST:
            raise ValueError("first is not before last, and both are days that a calendar has")
        return self


class ProfileBody(Strict):
    """`PATCH /v1/users/me`; what is not named stays as it is."""

    display_name: Name | None = None
    findable: bool | None = None
    on_board: bool | None = None
    tags_take_effect_at_once: bool | None = None

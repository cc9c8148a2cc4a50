"""Bodies of the write side's JSON calls."""

from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator, model_validator

ZONES = available_timezones()


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

    speaker: str = Field(min_length=1, max_length=20)
    claim: Literal["self", "user", "guest"]
    user_id: str | None = Field(default=None, min_length=1, max_length=64)
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

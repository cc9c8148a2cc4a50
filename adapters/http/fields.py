"""Types of the fields that people send, with the limits of `schemas.limits`."""

import unicodedata
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from schemas import limits
from schemas.ids import SpeakerLabel, UserId, user_id_of
from schemas.limits import Limit
from schemas.names import id_of, name_of

OF_ONE_MACHINE = frozenset({"localtime", "posixrules"})
"""Files beside the zones: they differ from machine to machine, and ClickHouse has none of them."""
ZONES = available_timezones() - OF_ONE_MACHINE


def within(limit: Limit) -> Any:
    """The constraint of a number."""
    return Field(ge=limit.least, le=limit.most)


def sized(limit: Limit) -> Any:
    """The constraint of a text's length."""
    return Field(min_length=limit.least, max_length=limit.most)


def _zone(value: str) -> str:
    if value not in ZONES:
        raise ValueError("not an IANA time zone, such as Asia/Singapore")
    return value


def _is_text(value: object) -> object:
    """Numbers are no times here: nobody can say whether they are seconds."""
    if isinstance(value, str | datetime):
        return value
    raise ValueError("a time is text, such as 2026-11-27T20:15:00+08:00")


def _searched(text: str) -> str:
    """As names are written, with plain blanks between words: some keyboards write wide ones."""
    words = unicodedata.normalize("NFC", text).split()
    if not words:
        raise ValueError("nothing to search for")
    return id_of(" ".join(words))


Name = Annotated[
    str,
    AfterValidator(name_of),
    Field(
        description=limits.NAME.about,
        json_schema_extra={"minLength": limits.NAME.least, "maxLength": limits.NAME.most},
    ),
]
User = Annotated[UserId, AfterValidator(user_id_of), sized(limits.USER_ID)]
Label = Annotated[SpeakerLabel, AfterValidator(id_of), sized(limits.SPEAKER_LABEL)]
GroupId = Annotated[str, AfterValidator(id_of), sized(limits.GROUP_ID)]
CountedWord = Annotated[str, AfterValidator(id_of), sized(limits.COUNTED_WORD)]
ConsentText = Annotated[str, AfterValidator(id_of), sized(limits.CONSENT_TEXT)]
InviteCode = Annotated[str, AfterValidator(id_of), sized(limits.INVITE_CODE)]
TimeZone = Annotated[str, AfterValidator(_zone), sized(limits.TIME_ZONE)]
Instant = Annotated[AwareDatetime, BeforeValidator(_is_text)]
Hint = Annotated[int, within(limits.HINT)]
Search = Annotated[str, AfterValidator(_searched), sized(limits.SEARCH)]
ShareDigest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]

"""Types of the fields that people send, with the limits of `schemas.limits`."""

import re
import unicodedata
from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, GetPydanticSchema

from schemas import limits
from schemas.ids import SpeakerLabel, UserId, user_id_of
from schemas.limits import Limit
from schemas.names import id_of, name_of

SIGNED = re.compile("-?[0-9]{1,18}")
DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
OF_ONE_MACHINE = frozenset({"localtime", "posixrules"})
"""Files beside the zones: they differ from machine to machine, and ClickHouse has none of them."""
OF_NO_PLACE = frozenset({"Factory"})
"""For machines whose clock nobody has set. No browser knows it: a page with such a day fails."""
ZONES = available_timezones() - OF_ONE_MACHINE - OF_NO_PLACE


def _is_number(value: object) -> object:
    """Pydantic takes `true` for 1, and the texts `1_0` and ` +10` for 10.

    JSON makes no difference between 4 and 4.0, and strict pydantic does.
    """
    if isinstance(value, bool) or (isinstance(value, str) and not SIGNED.fullmatch(value)):
        raise ValueError("not a whole number")
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _is_choice(value: object) -> object:
    """Pydantic takes `yes`, `on` and 1 for true."""
    if value not in ("true", "false"):
        raise ValueError("a choice is true or false")
    return value


def within(limit: Limit) -> Any:
    """The constraint of a whole number."""
    bounds = Field(ge=limit.least, le=limit.most)
    number = Annotated[int, bounds, BeforeValidator(_is_number)]
    return GetPydanticSchema(lambda _, schema_of: schema_of(number))


def sized(limit: Limit) -> Any:
    """The constraint of a text's length."""
    return Field(min_length=limit.least, max_length=limit.most)


def _zone(value: str) -> str:
    if value not in ZONES:
        raise ValueError("not an IANA time zone, such as Asia/Singapore")
    return value


def _is_text(value: object) -> object:
    """Numbers are no times here, as text neither: nobody can say whether they are seconds."""
    if isinstance(value, datetime) or (isinstance(value, str) and DAY.match(value)):
        return value
    raise ValueError("a time is text, such as 2026-11-27T20:15:00+08:00")


def _is_day(value: object) -> object:
    if isinstance(value, str) and DAY.fullmatch(value):
        return value
    raise ValueError("a day is text, such as 2026-11-27")


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
Instant = Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_is_text)]
Day = Annotated[date, Field(strict=False), BeforeValidator(_is_day)]
AskedChoice = Annotated[bool, BeforeValidator(_is_choice)]
"""A choice in a query. In a body it is no text."""
Hint = Annotated[int, within(limits.HINT)]
Search = Annotated[str, AfterValidator(_searched), sized(limits.SEARCH)]
ShareDigest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]

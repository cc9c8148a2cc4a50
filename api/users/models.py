"""Answers about the caller, about people to find, and the board of everyone."""

from datetime import date

from pydantic import Field

from api.answers import Answer, Instant, example
from api.period_totals import TOTALS_EXAMPLE, PeriodTotals
from api.sessions.models import Rates
from api.users.rows import Role
from schemas.ids import SessionId, SpeakerLabel, UserId
from schemas.session_events import State

SESSION = "0192f3c4-5b6a-7c8d-9e0f-112233445566"
GROUP = "7d9e4f60-1b2c-5d3e-8f4a-6b7c8d9e0f1a"
WHEN = "2026-11-24T12:00:00+00:00"
OWN_EXAMPLE = {
    "words_spoken": 620,
    "singlish_words": 13,
    "rate_per_1000": 21.0,
    "top_word": "lah",
    "words": {"lah": 9, "ah": 4},
    "speakers": ["S1"],
    "talk_s": 30.1,
    "session_id": SESSION,
    "recorded_at": WHEN,
    "state": "completed",
}


class Membership(Answer):
    """A group of the caller."""

    group_id: str
    name: str
    role: Role


class Tag(Answer):
    """A claim by somebody else that waits for the caller's agreement."""

    session_id: SessionId
    speaker: SpeakerLabel
    claimed_by: UserId
    claimed_at: Instant


class Me(Answer):
    """The caller's profile, groups, and tags that wait for an answer."""

    model_config = example(
        {
            "user_id": "mei",
            "display_name": "Mei",
            "findable": True,
            "on_board": False,
            "tags_take_effect_at_once": False,
            "time_zone": "Asia/Singapore",
            "keep_transcript_days": 30,
            "groups": [{"group_id": GROUP, "name": "Friday makan", "role": "owner"}],
            "tags": [],
        }
    )
    user_id: UserId
    display_name: str = Field(description="Empty when the caller never chose one")
    findable: bool
    on_board: bool
    tags_take_effect_at_once: bool
    time_zone: str = Field(description="IANA name; empty: that of the device that records")
    keep_transcript_days: int
    groups: list[Membership]
    tags: list[Tag]


class FoundUser(Answer):
    """A user by name."""

    user_id: UserId
    display_name: str


class SearchResult(Answer):
    """People of the caller's groups, and those who agreed to be found."""

    model_config = example({"users": [{"user_id": "beng", "display_name": "Ah Beng"}]})
    users: list[FoundUser]


class UserStats(PeriodTotals):
    """The caller's totals of a period."""

    model_config = example({**TOTALS_EXAMPLE, "user": "mei"})
    user: UserId


class MyStats(Rates):
    """The caller's words in a session, over all speakers that the caller claimed there."""

    model_config = example(OWN_EXAMPLE)
    speakers: list[SpeakerLabel]
    talk_s: float
    session_id: SessionId
    recorded_at: Instant
    state: State


class Comparison(Answer):
    """The caller's own numbers of several sessions, in the order of the request."""

    model_config = example({"sessions": [OWN_EXAMPLE]})
    sessions: list[MyStats]


class Place(Answer):
    """A user's place on the board of everyone. Equal counts share a rank."""

    rank: int
    user_id: UserId
    display_name: str
    counts: int


class BoardOfEveryone(Answer):
    """The first hundred of those who agreed to be on it, by their counts.

    `you`: the caller's own place, whichever it is; null when the caller is not on it.
    """

    model_config = example(
        {
            "from": "2026-11-01",
            "to": "2026-11-30",
            "board": [{"rank": 1, "user_id": "mei", "display_name": "Mei", "counts": 44}],
            "you": {"rank": 1, "user_id": "mei", "display_name": "Mei", "counts": 44},
        }
    )
    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    board: list[Place]
    you: Place | None

"""The cards of a Wrapped as answers."""

from datetime import date
from typing import Literal

from pydantic import Field

from api.answers import Answer
from schemas.ids import SessionId, UserId


class Badge(Answer):
    """A badge with its rule. `earned` is null for a badge of the period's snapshot."""

    name: str
    rule: str
    version: int
    earned: date | None


class Clock(Answer):
    """Counts by weekday and hour. `week[0]` is Monday's 24 hours; null without counts."""

    week: list[list[int]]
    busiest_hour: int | None
    busiest_weekday: int | None = Field(description="Monday is 0")


class Companion(Answer):
    """Somebody who claimed a speaker in the same sessions, and in how many."""

    user: UserId
    sessions: int
    name: str = Field(description="The user id when the user never chose a name")


class BestDay(Answer):
    """The day with most counts."""

    kind: Literal["best_day"] = "best_day"
    day: date
    counts: int


class OneEvery(Answer):
    """Seconds of talk for one counted word."""

    kind: Literal["one_every"] = "one_every"
    seconds: float


class Combo(Answer):
    """Most counts in ten seconds, from three on."""

    kind: Literal["combo"] = "combo"
    counts: int


class FirstWord(Answer):
    """The first counted word of the period; `said_ms` is Unix milliseconds."""

    word: str
    session_id: SessionId
    said_ms: int


class Densest(Answer):
    """The most counts in a span of a session; `from_ms` is Unix milliseconds."""

    counts: int
    session_id: SessionId
    from_ms: int


class Moments(Answer):
    """`peak`: most counts in any 60 s of a session. `combo`: in any 10 s. Null without counts."""

    first: FirstWord | None
    peak: Densest | None
    combo: Densest | None


class Month(Answer):
    """Counts of one month, as 2026-03."""

    month: str
    counts: int


class Percentile(Answer):
    """Share of the other active people with strictly fewer counts, per cent."""

    percentile: float
    people: int


class Personality(Answer):
    """A name for how one talks, with the rule that gave it."""

    name: str
    because: str
    rule: str


class LongestSession(Answer):
    """The longest session by its recording."""

    session_id: SessionId
    minutes: float


class IntenseSession(Answer):
    """The session with most counts a minute of the user's own talk."""

    session_id: SessionId
    counts_a_minute: float


class SessionsCard(Answer):
    """The longest session and the most intense one; null when there is none."""

    longest: LongestSession | None
    most_intense: IntenseSession | None


class Signature(Answer):
    """The word that sets one apart, and how clearly, as a z-score."""

    word: str
    z: float


class Streak(Answer):
    """The longest run of consecutive days with a count; dates are null without one."""

    days: int
    first: date | None = Field(serialization_alias="from")
    last: date | None = Field(serialization_alias="to")


class TopWord(Answer):
    """A word, its share of all counts, and its change to the period before."""

    word: str
    emoji: str
    count: int
    share: float
    change: int


class TopWords(Answer):
    """The words said most; `favourite` is the first of them."""

    top: list[TopWord]
    favourite: str | None


class Change(Answer):
    """The period less the one before."""

    counts: int
    words: int


class Totals(Answer):
    """How much there was; `change` is null when nothing was before."""

    counts: int
    words: int
    distinct_words: int
    sessions: int
    talk_s: float
    active_days: int
    rate_per_1000: float | None
    change: Change | None

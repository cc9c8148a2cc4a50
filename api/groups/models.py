"""Answers about groups."""

from datetime import date

from pydantic import Field

from api.answers import Answer, Instant, example
from api.period_totals import TOTALS_EXAMPLE, PeriodTotals
from api.users.rows import Role
from schemas.ids import UserId

GROUP = "7d9e4f60-1b2c-5d3e-8f4a-6b7c8d9e0f1a"
PLACE = {
    "rank": 1,
    "user_id": "mei",
    "display_name": "Mei",
    "counts": 44,
    "words_spoken": 1000,
    "rate_per_1000": 44.0,
}


class GroupAnswer(Answer):
    """A group: its name, owner, size, and the caller's role in it."""

    model_config = example(
        {
            "group_id": GROUP,
            "name": "Friday makan",
            "owner": "mei",
            "members": 3,
            "role": "member",
        }
    )
    group_id: str
    name: str
    owner: UserId
    members: int
    role: Role


class Member(Answer):
    """A member of a group."""

    user_id: UserId
    display_name: str = Field(description="Empty when the member never chose one")
    role: Role
    joined_at: Instant


class MemberList(Answer):
    """The members, in order of joining."""

    model_config = example(
        {
            "members": [
                {
                    "user_id": "mei",
                    "display_name": "Mei",
                    "role": "owner",
                    "joined_at": "2026-11-24T12:00:00+00:00",
                }
            ]
        }
    )
    members: list[Member]


class GroupStats(PeriodTotals):
    """Totals of a group: of everybody who claimed a speaker of its sessions."""

    model_config = example({**TOTALS_EXAMPLE, "group_id": GROUP, "people": 2})
    group_id: str
    people: int = Field(description="People who said something")


class MemberPlace(Answer):
    """A member's place on the board. Equal counts share a rank."""

    rank: int
    user_id: UserId
    display_name: str
    counts: int
    words_spoken: int
    rate_per_1000: float | None


class OwnPlace(Answer):
    """The caller's own place."""

    rank: int
    counts: int
    percentile: float | None = Field(
        description="Share of the other active members with strictly fewer counts, per cent"
    )


class GroupBoard(Answer):
    """Every member with a place, also those without a count."""

    model_config = example(
        {
            "group_id": GROUP,
            "from": "2026-11-01",
            "to": "2026-11-30",
            "board": [PLACE],
            "you": {"rank": 1, "counts": 44, "percentile": 50.0},
        }
    )
    group_id: str
    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    board: list[MemberPlace]
    you: OwnPlace


class GroupChange(Answer):
    """The period less the one before."""

    counts: int
    words_spoken: int

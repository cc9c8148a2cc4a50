"""Answers about the story of a group: its game, its awards and its totals."""

from datetime import date
from typing import Literal

from pydantic import Field

from api.answers import Answer, example
from api.groups.models import GROUP, PLACE, GroupChange, MemberPlace
from schemas.ids import UserId


class GroupTotals(Answer):
    """Totals of the period; `change` is null when nothing was said before it."""

    counts: int
    words_spoken: int
    rate_per_1000: float | None
    talk_s: float
    sessions: int
    days: int
    people: int
    change: GroupChange | None


class GroupTopWord(Answer):
    """A word with its share of all counts."""

    word: str
    emoji: str
    count: int
    share: float


class KnownFor(Answer):
    """The word that a user says more than chance would have it, and how clearly, as a z-score."""

    user_id: UserId
    word: str
    z: float
    display_name: str


class Award(Answer):
    """An award and its winner. `number` won it; `word` is the word that it is about, or empty."""

    award: str
    user_id: UserId
    display_name: str
    number: float
    word: str


class GuessPerson(Answer):
    """Somebody who said the word, and how often."""

    user_id: UserId
    display_name: str
    count: int


class Guess(Answer):
    """A word, and who said it, most first: the first of them is the answer."""

    word: str
    emoji: str
    people: list[GuessPerson]


class GroupCards(Answer):
    """The cards of a group's Wrapped."""

    totals: GroupTotals
    top_words: list[GroupTopWord]
    board: list[MemberPlace]
    known_for: list[KnownFor]
    awards: list[Award]
    guesses: list[Guess]


class MissingCounts(Answer):
    """How many counts are missing until there is a story."""

    counts: int


class GroupStory(Answer):
    """A group's Wrapped apart from the question: state, cards, and how each was counted."""

    state: Literal["ready", "warming_up"]
    missing: MissingCounts
    cards: GroupCards
    how: dict[str, str]


class GroupWrapped(GroupStory):
    """A group's Wrapped."""

    model_config = example(
        {
            "state": "ready",
            "missing": {"counts": 0},
            "cards": {
                "totals": {
                    "counts": 44,
                    "words_spoken": 1000,
                    "rate_per_1000": 44.0,
                    "talk_s": 600.5,
                    "sessions": 3,
                    "days": 2,
                    "people": 2,
                    "change": {"counts": 4, "words_spoken": 100},
                },
                "top_words": [{"word": "lah", "emoji": "💬", "count": 40, "share": 0.9091}],
                "board": [PLACE],
                "known_for": [{"user_id": "mei", "word": "lah", "z": 2.5, "display_name": "Mei"}],
                "awards": [
                    {
                        "award": "most",
                        "user_id": "mei",
                        "display_name": "Mei",
                        "number": 40,
                        "word": "",
                    }
                ],
                "guesses": [
                    {
                        "word": "lah",
                        "emoji": "💬",
                        "people": [
                            {"user_id": "mei", "display_name": "Mei", "count": 30},
                            {"user_id": "beng", "display_name": "Beng", "count": 10},
                        ],
                    }
                ],
            },
            "how": {"top_words": "Equal ones in the order of the alphabet."},
            "group_id": GROUP,
            "name": "Friday makan",
            "period": "year",
            "from": "2026-01-01",
            "to": "2026-12-31",
        }
    )
    group_id: str
    name: str
    period: str
    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")

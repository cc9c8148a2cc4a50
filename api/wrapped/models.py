"""Answers about a user's Wrapped."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from api.answers import Answer, example
from api.wrapped.card_models import (
    Badge,
    BestDay,
    Clock,
    Combo,
    Companion,
    Moments,
    Month,
    OneEvery,
    Percentile,
    Personality,
    SessionsCard,
    Signature,
    Streak,
    TopWords,
    Totals,
)
from api.wrapped.example import STORY
from schemas.ids import UserId

LEAST_COUNTS = 10
"""With fewer counts there is no story yet; the answer says how many are missing."""
FunFact = Annotated[BestDay | OneEvery | Combo, Field(discriminator="kind")]


class Cards(Answer):
    """All cards. A user without data gets the same shape, with nothing made up."""

    badges: list[Badge]
    clock: Clock
    company: list[Companion]
    fun_facts: list[FunFact]
    moments: Moments
    months: list[Month]
    percentile: Percentile | None
    personality: Personality | None
    sessions: SessionsCard
    signature: Signature | None
    streak: Streak
    top_words: TopWords
    totals: Totals


class Missing(Answer):
    """How many counts are missing until there is a story."""

    counts: int


class Wrapped(Answer):
    """The story of a user over a period."""

    model_config = example(STORY)
    user: UserId
    period: str
    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    state: Literal["ready", "warming_up"]
    missing: Missing
    cards: Cards
    how: dict[str, str] = Field(description="How each card was counted")
    data_version: str = Field(description="Version of the lexicon")

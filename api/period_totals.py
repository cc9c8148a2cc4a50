"""Totals of a period, of one user or of a group."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from pydantic import Field

from adapters.warehouse import TypedRow
from api.answers import Answer
from api.date_range import DateRange
from api.figures import rate

TALKED = "w.count > 0 OR w.spoken > 0 OR w.talk_ms > 0"
"""Whether somebody talked: a talk without a recognised word is a talk. `w` is `user_days`."""
SUMS = f"""sum(w.count) AS counts, sum(w.spoken) AS words_spoken, sum(w.talk_ms) AS talk_total_ms,
       uniqExactIf(w.session_id, {TALKED}) AS sessions, uniqExactIf(w.day, {TALKED}) AS days"""
"""The columns of a `TotalsRow`."""


class TotalsRow(TypedRow, frozen=True):
    """Sums of a period over `user_days`."""

    counts: int
    words_spoken: int
    talk_total_ms: int
    sessions: int
    days: int

    @property
    def rate_per_1000(self) -> float | None:
        """Counts per 1,000 words; None for too few words."""
        return rate(self.counts, self.words_spoken)

    @property
    def talk_s(self) -> float:
        """The talk time in seconds."""
        return self.talk_total_ms / 1000


class WordTotalRow(TypedRow, frozen=True):
    """How often a word was counted in a period."""

    word: str
    total: int


class PeriodTotals(Answer):
    """Everything credited in a period, by the days on which it was said."""

    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    counts: int = Field(description="Counted words")
    words_spoken: int = Field(description="Recognised words")
    rate_per_1000: float | None = Field(description="Counts per 1,000 words, from 500 words on")
    talk_s: float
    sessions: int
    days: int = Field(description="Days on which somebody talked")
    words: dict[str, int] = Field(description="Counts by word, most first")

    @classmethod
    def of(cls, days: DateRange, totals: TotalsRow, words: Iterable[WordTotalRow]) -> Self:
        """The sums as an answer."""
        return cls(
            first=days.first,
            last=days.last,
            counts=totals.counts,
            words_spoken=totals.words_spoken,
            rate_per_1000=totals.rate_per_1000,
            talk_s=totals.talk_s,
            sessions=totals.sessions,
            days=totals.days,
            words={row.word: row.total for row in words},
        )


TOTALS_EXAMPLE = {
    "from": "2026-01-01",
    "to": "2026-12-31",
    "counts": 44,
    "words_spoken": 1000,
    "rate_per_1000": 44.0,
    "talk_s": 600.5,
    "sessions": 3,
    "days": 2,
    "words": {"lah": 40, "lor": 4},
}

"""Counts over time: days added up to weeks and months, with nothing left out."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pydantic import Field

from adapters.warehouse import Queries, TypedRow
from api.answers import Answer, example
from api.date_range import DateRange, first_of, month_number
from api.figures import rate
from schemas.days import bounds

Granularity = Literal["day", "week", "month"]


class DayTotalRow(TypedRow, frozen=True):
    """Counted and recognised words of one day."""

    day: date
    total: int
    words_spoken: int


class TrendBucket(Answer):
    """One day, week or month, from its first day on."""

    first: date = Field(serialization_alias="from")
    counts: int
    words_spoken: int
    rate_per_1000: float | None


class Trend(Answer):
    """Counts over time, the newest last; buckets without a word too."""

    model_config = example(
        {
            "granularity": "week",
            "trend": [
                {"from": "2026-11-23", "counts": 9, "words_spoken": 620, "rate_per_1000": 14.5}
            ],
        }
    )
    granularity: Granularity
    trend: list[TrendBucket]


@dataclass(frozen=True)
class Buckets:
    """The last `limit` days, weeks or months, the one of `today` last."""

    granularity: Granularity
    limit: int
    today: date

    def read(self, warehouse: Queries, query: str, about: Mapping[str, str]) -> Trend:
        """The sums of the days that `query` finds, zeros too. `about`: its other parameters."""
        first_days = starts(self.granularity, self.limit, self.today)
        # Whole, as everywhere: somewhere it is tomorrow already.
        last = self.today
        if self.granularity != "day":
            _, last = bounds(self.granularity, self.today)
        days = DateRange(first_days[0], last)
        parameters = {**about, **days.parameters()}
        rows = warehouse.query(query, parameters, row=DayTotalRow)
        return Trend(granularity=self.granularity, trend=trend(rows, first_days))


def starts(granularity: Granularity, limit: int, today: date) -> list[date]:
    """First days of the last `limit` days, weeks (from Monday) or months, the present one last."""
    match granularity:
        case "day":
            return _every(timedelta(days=1), today, limit)
        case "week":
            monday = today - timedelta(days=today.weekday())
            return _every(timedelta(days=7), monday, limit)
        case "month":
            newest = month_number(today)
            return [first_of(newest - n) for n in reversed(range(limit))]


def _every(step: timedelta, newest: date, limit: int) -> list[date]:
    oldest = newest - step * (limit - 1)
    return [oldest + step * n for n in range(limit)]


def trend(rows: Iterable[DayTotalRow], first_days: Sequence[date]) -> list[TrendBucket]:
    """Counts and words of each bucket, zeros too. `first_days`: of the buckets, in order."""
    counts: Counter[date] = Counter()
    words: Counter[date] = Counter()
    for row in rows:
        bucket = bisect_right(first_days, row.day) - 1
        first = first_days[bucket]
        counts[first] += row.total
        words[first] += row.words_spoken
    return [_bucket(first, counts[first], words[first]) for first in first_days]


def _bucket(first: date, counts: int, words: int) -> TrendBucket:
    return TrendBucket(
        first=first,
        counts=counts,
        words_spoken=words,
        rate_per_1000=rate(counts, words),
    )

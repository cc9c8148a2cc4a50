"""Month by month."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from api.wrapped.card import Card, Told

MOST = 120
"""Months: who asks for more gets those with counts only."""


def shape(told: Told, _: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Counts of every month of the period, zeros too; of a period of over ten years only months with a count."""
    by_month: dict[tuple[int, int], int] = {}
    for said in told.said:
        month = (said.day.year, said.day.month)
        by_month[month] = by_month.get(month, 0) + said.count
    counts = {f"{year:04d}-{month:02d}": count for (year, month), count in by_month.items()}
    length = (told.last.year - told.first.year) * 12 + told.last.month - told.first.month + 1
    months = (
        [_month(told.first, n) for n in range(length)]
        if length <= MOST
        else sorted(month for month, count in counts.items() if count)
    )
    return [{"month": month, "counts": counts.get(month, 0)} for month in months]


def _month(first: date, n: int) -> str:
    years, month = divmod(first.month - 1 + n, 12)
    return f"{first.year + years:04d}-{month + 1:02d}"


CARD = Card("months", "Counted words by month, by the day they were said.", ("voices",), shape)

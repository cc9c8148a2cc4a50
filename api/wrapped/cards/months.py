"""Month by month."""

from collections import Counter
from datetime import date

from api.date_range import DateRange
from api.wrapped.card_models import Month
from api.wrapped.input import WrappedInput

MOST_MONTHS = 120
"""A longer period shows only months with a count."""
HOW = "Counted words by month, by the day they were said."


def shape(given: WrappedInput) -> list[Month]:
    """Counts of every month of the period, zeros too."""
    counts: Counter[str] = Counter()
    for credit in given.current:
        month = _name(credit.day.year, credit.day.month)
        counts[month] += credit.count
    names = _months(given.days)
    if len(names) > MOST_MONTHS:
        names = sorted(name for name, count in counts.items() if count)
    return [Month(month=name, counts=counts[name]) for name in names]


def _months(days: DateRange) -> list[str]:
    first = _number(days.first)
    last = _number(days.last)
    months = range(first, last + 1)
    return [_name(month // 12, month % 12 + 1) for month in months]


def _number(day: date) -> int:
    """Months since the year 0."""
    return day.year * 12 + day.month - 1


def _name(year: int, month: int) -> str:
    return f"{year:04d}-{month:02d}"

"""Month by month."""

from collections import Counter
from datetime import date

from api.date_range import DateRange, first_of, month_number
from api.wrapped.card_models import Month
from api.wrapped.input import WrappedInput

MOST_MONTHS = 120
"""A longer period shows only months with a count."""
HOW = "Counted words by month, by the day they were said."


def shape(given: WrappedInput) -> list[Month]:
    """Counts of every month of the period, zeros too."""
    counts: Counter[str] = Counter()
    for credit in given.current:
        counts[_name(credit.day)] += credit.count
    names = _months(given.days)
    if len(names) > MOST_MONTHS:
        names = sorted(name for name, count in counts.items() if count)
    return [Month(month=name, counts=counts[name]) for name in names]


def _months(days: DateRange) -> list[str]:
    months = range(month_number(days.first), month_number(days.last) + 1)
    return [_name(first_of(month)) for month in months]


def _name(day: date) -> str:
    return f"{day.year:04d}-{day.month:02d}"

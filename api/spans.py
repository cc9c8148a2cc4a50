"""Pure: days and hours as people say them."""

from calendar import monthrange
from datetime import date

MONTHS = (
    "January February March April May June July August September October November December"
).split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def said(first: date, last: date) -> str:
    """A span of days: "2026", "November 2026", "23 to 29 November 2026", "1 May 2026"."""
    if first == last:
        return _day(first)
    month = MONTHS[first.month - 1]
    if (first.year, first.month) == (last.year, last.month):
        if first.day == 1 and last.day == monthrange(last.year, last.month)[1]:
            return f"{month} {first.year}"
        return f"{first.day} to {_day(last)}"
    if first.year != last.year:
        return f"{_day(first)} to {_day(last)}"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return str(first.year)
    return f"{first.day} {month} to {_day(last)}"


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def hour(number: int) -> str:
    """An hour of the day: "8 pm"."""
    return f"{number % 12 or 12} {'am' if number < 12 else 'pm'}"

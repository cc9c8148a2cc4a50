"""Pure: days and hours as people say them, in each language of the pages."""

from calendar import monthrange
from datetime import date

from api.texts import ENGLISH, Language

MONTHS = (
    "January February March April May June July August September October November December"
).split()


def said(first: date, last: date, language: Language = ENGLISH) -> str:
    """A span of days: "2026", "November 2026", "23 to 29 November 2026", "1 May 2026"."""
    if first == last:
        return _day(first, language)
    is_english = language == ENGLISH
    if (first.year, first.month) == (last.year, last.month):
        if first.day == 1 and last.day == monthrange(last.year, last.month)[1]:
            return _month(first, language)
        begin = str(first.day) if is_english else _day(first, language)
        end = _day(last, language) if is_english else f"{last.day}日"
        return _between(begin, end, language)
    if first.year != last.year:
        return _between(_day(first, language), _day(last, language), language)
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return str(first.year) if is_english else f"{first.year}年"
    if is_english:
        return _between(f"{first.day} {MONTHS[first.month - 1]}", _day(last, language), language)
    return _between(_day(first, language), f"{last.month}月{last.day}日", language)


def _between(begin: str, end: str, language: Language) -> str:
    return f"{begin} to {end}" if language == ENGLISH else f"{begin}至{end}"


def _month(day: date, language: Language) -> str:
    if language == ENGLISH:
        return f"{MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月"


def _day(day: date, language: Language) -> str:
    if language == ENGLISH:
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"


def hour(number: int, language: Language = ENGLISH) -> str:
    """An hour of the day: "8 pm"."""
    if language == ENGLISH:
        return f"{number % 12 or 12} {'am' if number < 12 else 'pm'}"
    return f"{number}点"

"""Pure: days and hours as people say them, in each language of the pages."""

from calendar import monthrange
from datetime import date

from api.texts import ENGLISH, Language

MONTHS = (
    "January February March April May June July August September October November December"
).split()


def in_words(first: date, last: date, language: Language = ENGLISH) -> str:
    """A span of days: "2026", "November 2026", "23 to 29 November 2026", "1 May 2026"."""
    if first == last:
        return _day(first, language)
    if first == first.replace(day=1) and last == _last_of_month(first):
        return _month(first, language)
    if first == date(first.year, 1, 1) and last == date(first.year, 12, 31):
        return _year(first, language)
    if language == ENGLISH:
        return _english(first, last)
    return _mandarin(first, last)


def _last_of_month(day: date) -> date:
    _, days = monthrange(day.year, day.month)
    return day.replace(day=days)


def _english(first: date, last: date) -> str:
    """The first day leaves out what the last one says."""
    if first.year != last.year:
        begin = _day(first, ENGLISH)
    elif first.month != last.month:
        begin = f"{first.day} {MONTHS[first.month - 1]}"
    else:
        begin = str(first.day)
    return f"{begin} to {_day(last, ENGLISH)}"


def _mandarin(first: date, last: date) -> str:
    """The last day leaves out what the first one says."""
    if first.year != last.year:
        end = _day(last, "zh")
    elif first.month != last.month:
        end = f"{last.month}月{last.day}日"
    else:
        end = f"{last.day}日"
    return f"{_day(first, 'zh')}至{end}"


def _day(day: date, language: Language) -> str:
    if language == ENGLISH:
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"


def _month(day: date, language: Language) -> str:
    if language == ENGLISH:
        return f"{MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月"


def _year(day: date, language: Language) -> str:
    return str(day.year) if language == ENGLISH else f"{day.year}年"


def hour(number: int, language: Language = ENGLISH) -> str:
    """An hour of the day: "8 pm"."""
    if language != ENGLISH:
        return f"{number}点"
    half = "am" if number < 12 else "pm"
    on_the_clock = number % 12 or 12
    return f"{on_the_clock} {half}"

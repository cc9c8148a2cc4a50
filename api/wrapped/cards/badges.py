"""Badges, each with its rule and the day it was earned. They stay earned in later periods."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from api.wrapped.card_models import Badge
from api.wrapped.cards.percentile import Place, shown
from api.wrapped.day_credits import DayCredit
from api.wrapped.input import WrappedInput

VERSION = 1
"""Raised when a rule changes."""
WORDS = 1_000
SESSIONS = 50
DISTINCT = 8
TOP_PERCENT = 90
RULES = {
    "Word Master": f"{WORDS:,} counted words",
    "Session King": f"{SESSIONS} talks",
    "Vocabulary Expert": f"{DISTINCT} different words",
}
HOW = "Earned on the day when all your words until then fulfilled the rule shown."
TOP = Badge(
    name="Top 10 %", rule="more counts than 90 % of the others", version=VERSION, earned=None
)


def shape(given: WrappedInput) -> list[Badge]:
    """Earned by the end of the period, over all time; the last is of the period's snapshot."""
    until_last = [credit for credit in given.ever if credit.day <= given.days.last]
    earned = {
        "Word Master": _reached(WORDS, _counts(until_last)),
        "Session King": _reached(SESSIONS, _sessions(until_last)),
        "Vocabulary Expert": _reached(DISTINCT, _words(until_last)),
    }
    badges: list[Badge] = []
    for name, day in earned.items():
        if day is not None:
            badge = Badge(name=name, rule=RULES[name], version=VERSION, earned=day)
            badges.append(badge)
    place = shown(given)
    if place is not None and _is_top(place):
        badges.append(TOP)
    return badges


def _is_top(place: Place) -> bool:
    """By the exact share: the one that is told is rounded."""
    return 100 * place.fewer >= TOP_PERCENT * place.others


def _reached(least: int, totals: Iterable[tuple[date, int]]) -> date | None:
    """The first day with a total of at least `least`."""
    for day, total in totals:
        if total >= least:
            return day
    return None


def _counts(credited: Sequence[DayCredit]) -> Iterator[tuple[date, int]]:
    """Counted words up to each credit."""
    total = 0
    for credit in credited:
        total += credit.count
        yield credit.day, total


def _sessions(credited: Sequence[DayCredit]) -> Iterator[tuple[date, int]]:
    """Different sessions up to each credit."""
    seen = set[str]()
    for credit in credited:
        seen.add(credit.session_id)
        yield credit.day, len(seen)


def _words(credited: Sequence[DayCredit]) -> Iterator[tuple[date, int]]:
    """Different words up to each credit."""
    seen = set[str]()
    for credit in credited:
        seen.update(credit.words)
        yield credit.day, len(seen)

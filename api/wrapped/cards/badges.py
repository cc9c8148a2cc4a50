"""Badges, each with its rule and the day it was earned. They stay earned in later periods."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from api.wrapped.card_models import Badge, Percentile
from api.wrapped.day_credits import DayCredit
from api.wrapped.input import WrappedInput

VERSION = 1
"""Raised when a rule changes."""
WORDS = 1_000
SESSIONS = 50
DISTINCT = 8
TOP_PERCENTILE = 90.0
HOW = "Earned on the day when all your words until then fulfilled the rule shown."
TOP = Badge(
    name="Top 10 %", rule="more counts than 90 % of the others", version=VERSION, earned=None
)


def shape(given: WrappedInput, percentile: Percentile | None) -> list[Badge]:
    """Earned by the end of the period, over all time; the last is of the period's snapshot."""
    credits_ = [credit for credit in given.ever if credit.day <= given.days.last]
    found = [
        _badge("Word Master", f"{WORDS:,} counted words", _reached(_counts(credits_), WORDS)),
        _badge("Session King", f"{SESSIONS} sessions", _reached(_sessions(credits_), SESSIONS)),
        _badge(
            "Vocabulary Expert", f"{DISTINCT} different words", _reached(_words(credits_), DISTINCT)
        ),
    ]
    if percentile and percentile.percentile >= TOP_PERCENTILE:
        found.append(TOP)
    return [badge for badge in found if badge]


def _badge(name: str, rule: str, day: date | None) -> Badge | None:
    return Badge(name=name, rule=rule, version=VERSION, earned=day) if day else None


def _reached(totals: Iterable[tuple[date, int]], least: int) -> date | None:
    """The first day with a total of at least `least`."""
    return next((day for day, total in totals if total >= least), None)


def _counts(credits_: Sequence[DayCredit]) -> Iterator[tuple[date, int]]:
    """Counted words up to each credit."""
    total = 0
    for credit in credits_:
        total += credit.count
        yield credit.day, total


def _sessions(credits_: Sequence[DayCredit]) -> Iterator[tuple[date, int]]:
    """Different sessions up to each credit."""
    seen = set[str]()
    for credit in credits_:
        seen.add(credit.session_id)
        yield credit.day, len(seen)


def _words(credits_: Sequence[DayCredit]) -> Iterator[tuple[date, int]]:
    """Different words up to each credit."""
    seen = set[str]()
    for credit in credits_:
        seen.update(credit.words)
        yield credit.day, len(seen)

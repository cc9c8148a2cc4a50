"""Badges, each with its rule and the day it was earned. What is earned stays earned in any later period."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from api.wrapped.card import Card, Said, Told

VERSION = 1
WORDS, SESSIONS, DISTINCT, TOP_PERCENTILE = 1_000, 50, 8, 90.0


def shape(told: Told, done: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Earned by the end of the period, over all time; Top 10 % is of the period's snapshot."""
    until = [said for said in told.ever if said.day <= told.last]
    earned = [
        _badge(
            "Word Master",
            f"{WORDS:,} counted words",
            _day(until, WORDS, lambda said, seen: said.count),
        ),
        _badge(
            "Session King",
            f"{SESSIONS} sessions",
            _day(until, SESSIONS, lambda said, seen: _new(said.session_id, seen)),
        ),
        _badge(
            "Vocabulary Expert", f"{DISTINCT} different words", _day(until, DISTINCT, _new_words)
        ),
    ]
    place = done["percentile"]
    if place and place["percentile"] >= TOP_PERCENTILE:
        earned.append(
            {
                "name": "Top 10 %",
                "rule": "more counts than 90 % of the others",
                "version": VERSION,
                "earned": None,
            }
        )
    return [badge for badge in earned if badge]


def _badge(name: str, rule: str, day: date | None) -> dict[str, Any] | None:
    return (
        {"name": name, "rule": rule, "version": VERSION, "earned": day.isoformat()} if day else None
    )


def _day(said: list[Said], least: int, adds: Callable[[Said, set[str]], int]) -> date | None:
    """The first day at whose end what was added until then is at least `least`; `said` is in order of days."""
    total, seen = 0, set[str]()
    for one in said:
        total += adds(one, seen)
        if total >= least:
            return one.day
    return None


def _new_words(said: Said, seen: set[str]) -> int:
    return sum(_new(word, seen) for word in said.words)


def _new(name: str, seen: set[str]) -> int:
    if name in seen:
        return 0
    seen.add(name)
    return 1


CARD = Card(
    "badges",
    "Earned on the day when all your words until then fulfilled the rule shown.",
    ("voices",),
    shape,
    after=("percentile",),
)

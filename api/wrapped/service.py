"""All cards of one person and period: questions asked once, cards in the order of what they build on."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from graphlib import TopologicalSorter
from typing import Any

from adapters.warehouse import Row
from api.wrapped import cards, queries
from api.wrapped.card import Card, Told

Ask = Callable[[str, Mapping[str, Any]], list[Row]]
Each = Callable[[Callable[[str], list[Row]], list[str]], Iterable[list[Row]]]
"""`map`, or what does the same at a time."""
LEAST_COUNTS = 10
"""With fewer counts there is no story yet: the answer says what is missing."""


@cache
def deck() -> tuple[Card, ...]:
    """Every card there is, each after those it builds on."""
    modules = sorted(found.name for found in pkgutil.iter_modules(cards.__path__))
    found: dict[str, Card] = {}
    for name in modules:
        card: Card = importlib.import_module(f"{cards.__name__}.{name}").CARD
        found[card.name] = card
    order = TopologicalSorter({card.name: card.after for card in found.values()}).static_order()
    return tuple(found[name] for name in order)


def told(ask: Ask, user: str, first: date, last: date, each: Each = map) -> Told:
    """Blocking: one query a question, all of them by `each`."""
    asked: dict[str, Any] = {"user": user, "first": first.isoformat(), "last": last.isoformat()}
    found = _needed()
    answers = dict(zip(found, each(lambda name: ask(found[name], asked), list(found)), strict=True))
    return Told.of(user, first, last, answers)


def shaped(told: Told, period: str) -> dict[str, Any]:
    """Pure. A person without data gets the same shape, with nothing made up."""
    done: dict[str, Any] = {}
    for card in deck():
        done[card.name] = card.shape(told, done)
    counts = done["totals"]["counts"]
    return {
        "user": told.user,
        "period": period,
        "from": told.first.isoformat(),
        "to": told.last.isoformat(),
        "state": "ready" if counts >= LEAST_COUNTS else "warming_up",
        "missing": {"counts": max(0, LEAST_COUNTS - counts)},
        "cards": {name: done[name] for name in sorted(done)},
        "how": {card.name: card.how for card in deck()},
        "data_version": max((row["version"] for row in told.answers["emoji"]), default=""),
    }


@cache
def _needed() -> dict[str, str]:
    """Questions that some card needs."""
    wanted = {need for card in deck() for need in card.needs} | {"voices", "emoji"}
    return {name: sql for name, sql in queries.ALL.items() if name in wanted}

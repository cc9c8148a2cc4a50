"""Days in a row with a count."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from api.wrapped.card import Card, Told


def shape(told: Told, _: Mapping[str, Any]) -> dict[str, Any]:
    """The longest run of consecutive days with a count, and its first and last day; the earliest of equal ones."""
    best: list[date] = []
    run: list[date] = []
    for day in sorted({said.day for said in told.said if said.count}):
        run = [*run, day] if run and day - run[-1] == timedelta(days=1) else [day]
        best = run if len(run) > len(best) else best
    return {
        "days": len(best),
        "from": best[0].isoformat() if best else None,
        "to": best[-1].isoformat() if best else None,
    }


CARD = Card(
    "streak",
    "The most days in a row on which you said at least one counted word.",
    ("voices",),
    shape,
)

"""Where one stands among everyone."""

from collections.abc import Mapping
from typing import Any

from api.wrapped.card import Card, Told

LEAST_PEOPLE = 20
"""No percentile in a smaller cohort (contracts, section 3)."""


def shape(told: Told, _: Mapping[str, Any]) -> dict[str, Any] | None:
    """Share of the other active people of the snapshot with strictly fewer counts, per cent; null outside it, or in a small one."""
    rows = told.answers["cohort"]
    if not rows or not rows[0]["place"] or rows[0]["people"] < LEAST_PEOPLE:
        return None
    return {
        "percentile": round(100 * rows[0]["fewer"] / (rows[0]["people"] - 1), 1),
        "people": rows[0]["people"],
    }


CARD = Card(
    "percentile",
    "Other active people of the period who said strictly fewer counted words, from a snapshot renewed daily; shown from 20 people on.",
    ("cohort",),
    shape,
)

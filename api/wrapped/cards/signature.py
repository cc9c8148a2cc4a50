"""The word that sets one apart from everyone."""

from collections.abc import Mapping
from typing import Any

from api.wrapped.card import Card, Told
from api.wrapped.log_odds import most_telling


def shape(told: Told, _: Mapping[str, Any]) -> dict[str, Any] | None:
    """The word with the highest log-odds against all others, as a z-score; null when none was said three times or nobody else spoke."""
    return most_telling(told.words, {row["word"]: row["total"] for row in told.answers["everyone"]})


CARD = Card(
    "signature",
    "The word you say more than chance would have you say it, against everyone's words of the period.",
    ("voices", "everyone"),
    shape,
)

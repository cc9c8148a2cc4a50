"""The word that sets one apart from everyone."""

import math
from collections.abc import Mapping
from typing import Any

from api.wrapped.card import Card, Told, words_of

PRIOR = 50.0
"""Counts of everyone's mixture that each side is given first (Monroe et al., 2008, "Fightin' Words"): rare words do not win by chance."""
LEAST = 3
"""Times that it was said."""


def shape(told: Told, _: Mapping[str, Any]) -> dict[str, Any] | None:
    """The word with the highest log-odds against all others, as a z-score; null when none was said three times or nobody else spoke."""
    mine, everyone = words_of(told.said), {row["word"]: row["total"] for row in told.answers["everyone"]}
    others = {word: max(0, total - mine.get(word, 0)) for word, total in everyone.items()}
    if not sum(others.values()):
        return None
    odds = {word: _z(mine, others, everyone, word) for word, count in mine.items() if count >= LEAST and word in everyone}
    best = min(odds, key=lambda word: (-odds[word], word), default=None)
    return {"word": best, "z": round(odds[best], 2)} if best else None


def _z(mine: Mapping[str, int], others: Mapping[str, int], everyone: Mapping[str, int], word: str) -> float:
    prior = PRIOR * everyone[word] / sum(everyone.values())
    sides = [(side.get(word, 0) + prior, sum(side.values()) + PRIOR) for side in (mine, others)]
    log_odds = [math.log(count / (total - count)) if total > count else math.inf for count, total in sides]
    return (log_odds[0] - log_odds[1]) / math.sqrt(sum(1 / count for count, _ in sides)) if math.inf not in log_odds else 0.0


CARD = Card(
    "signature",
    "The word you say more than chance would have you say it, against everyone's words of the period.",
    ("days", "everyone"),
    shape,
)

"""Pure: the word that sets somebody apart."""

import math
from collections.abc import Mapping
from typing import Any

PRIOR = 50.0
"""Counts of everyone's mixture that each side is given first (Monroe et al., 2008, "Fightin' Words"): rare words do not win by chance."""
LEAST = 3
"""Times that it was said."""


def most_telling(mine: Mapping[str, int], everyone: Mapping[str, int]) -> dict[str, Any] | None:
    """`word` with the highest log-odds of `mine` against the rest of `everyone`, as a z-score `z`.

    None when no word was said three times or nobody else spoke. `everyone` includes `mine`. Ties: the order of the alphabet.
    """
    others = {word: max(0, total - mine.get(word, 0)) for word, total in everyone.items()}
    sums = sum(mine.values()), sum(others.values())
    if not sums[1]:
        return None
    whole = sum(everyone.values())
    said = [word for word, count in mine.items() if count >= LEAST and word in everyone]
    odds = {
        word: _z((mine[word], others[word]), sums, PRIOR * everyone[word] / whole) for word in said
    }
    best = min(odds, key=lambda word: (-odds[word], word), default=None)
    return {"word": best, "z": round(odds[best], 2)} if best else None


def _z(counts: tuple[int, int], sums: tuple[int, int], prior: float) -> float:
    sides = [(count + prior, total + PRIOR) for count, total in zip(counts, sums, strict=True)]
    log_odds = [
        math.log(count / (total - count)) if total > count else math.inf for count, total in sides
    ]
    return (
        (log_odds[0] - log_odds[1]) / math.sqrt(sum(1 / count for count, _ in sides))
        if math.inf not in log_odds
        else 0.0
    )

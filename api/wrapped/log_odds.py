"""Pure: the word that sets somebody apart."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from api.figures import largest

PRIOR = 50.0
"""Counts of everybody's mixture that each side is given first, so that rare words do not win by
chance (Monroe et al., 2008, "Fightin' Words")."""
LEAST = 3
"""Times that the word was said."""


@dataclass(frozen=True)
class TellingWord:
    """A word, and its log-odds against the rest as a z-score."""

    word: str
    z: float


@dataclass(frozen=True)
class _Side:
    """Counts of one side: of the word and of all words."""

    count: float
    total: float

    def log_odds(self) -> float:
        """Infinite when no other word was said."""
        rest = self.total - self.count
        if rest <= 0:
            return math.inf
        return math.log(self.count / rest)


def most_telling(mine: Mapping[str, int], everyone: Mapping[str, int]) -> TellingWord | None:
    """The word with the highest log-odds of `mine` against the rest of `everyone`.

    `everyone` includes `mine`. None when no word was said three times, or when nobody else spoke.
    Of equal ones the first by name.
    """
    others = {word: max(0, total - mine.get(word, 0)) for word, total in everyone.items()}
    my_total = sum(mine.values())
    their_total = sum(others.values())
    if not their_total:
        return None
    everything = sum(everyone.values())
    scores: dict[str, float] = {}
    for word, count in mine.items():
        if count < LEAST or word not in everyone:
            continue
        prior = PRIOR * everyone[word] / everything
        me = _Side(count + prior, my_total + PRIOR)
        them = _Side(others[word] + prior, their_total + PRIOR)
        scores[word] = _z(me, them)
    if not scores:
        return None
    best = largest(scores)
    return TellingWord(best, round(scores[best], 2))


def _z(me: _Side, them: _Side) -> float:
    difference = me.log_odds() - them.log_odds()
    if not math.isfinite(difference):
        return 0.0
    variance = 1 / me.count + 1 / them.count
    return difference / math.sqrt(variance)

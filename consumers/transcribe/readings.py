"""Pure: the choice among the readings that the decoder keeps."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

NEARLY = 0.1
"""Nats per token below the best reading, within which one of many more words may be as right."""
SKIPPED_WORDS = 4
"""A reading that lacks so many words skipped speech, a second or more of it (docs/adr/0049)."""


@dataclass(frozen=True)
class Reading:
    """One decoded text: its words, its tokens, and their mean log-probability in nats."""

    words: Sequence[str]
    tokens: int
    mean: float


def least_risk(readings: Sequence[Reading]) -> int:
    """Index of the reading with the least expected word errors against all complete ones.

    Ties: first. The likeliest whole is seldom the one with the fewest wrong words. Minimum Bayes
    risk over an n-best list: Stolcke, König and Weintraub, 1997, "Explicit word error minimization
    in n-best list rescoring".

    A whole likelihood falls with each token, so an empty text is likelier than any sentence. All
    are compared as if they had the same length.
    """
    complete = _complete(readings)
    longest = max(readings[i].tokens for i in complete)
    best = max(readings[i].mean for i in complete)
    weights = {i: math.exp((readings[i].mean - best) * longest) for i in complete}
    return min(complete, key=lambda i: _risk(readings[i], readings, weights))


def _complete(readings: Sequence[Reading]) -> list[int]:
    """The places of those that skipped no speech that one about as likely has."""
    best = max(reading.mean for reading in readings)
    likely = [i for i, reading in enumerate(readings) if reading.mean >= best - NEARLY]
    most = max(len(readings[i].words) for i in likely)
    return [i for i in likely if len(readings[i].words) > most - SKIPPED_WORDS]


def _risk(reading: Reading, others: Sequence[Reading], weights: dict[int, float]) -> float:
    return sum(
        weight * Levenshtein.distance(reading.words, others[i].words)
        for i, weight in weights.items()
    )

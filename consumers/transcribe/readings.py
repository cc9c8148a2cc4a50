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
    """One decoded text: its words, its tokens, and their mean log-probability."""

    words: Sequence[str]
    tokens: int
    mean_nats: float


def least_risk(readings: Sequence[Reading]) -> int:
    """Index of the reading with the least expected word errors against all complete ones.

    Ties: first. The likeliest whole is seldom the one with the fewest wrong words. Minimum Bayes
    risk over an n-best list: Stolcke, König and Weintraub, 1997, "Explicit word error minimization
    in n-best list rescoring".
    """
    complete = _complete(readings)
    weights = _weights(complete)
    risks = [_risk(reading, complete, weights) for reading in complete]
    chosen = complete[risks.index(min(risks))]
    return readings.index(chosen)


def _complete(readings: Sequence[Reading]) -> list[Reading]:
    """The likely readings, without those that skipped speech: another likely one has its words."""
    best = max(reading.mean_nats for reading in readings)
    likely = [reading for reading in readings if reading.mean_nats >= best - NEARLY]
    most = max(len(reading.words) for reading in likely)
    return [reading for reading in likely if len(reading.words) > most - SKIPPED_WORDS]


def _weights(readings: Sequence[Reading]) -> list[float]:
    """The likelihood of each reading, of the likeliest one 1.

    The likelihood of a text falls with each token, so an empty text is likelier than any sentence.
    All are compared as if they had as many tokens as the longest.
    """
    longest = max(reading.tokens for reading in readings)
    best = max(reading.mean_nats for reading in readings)
    return [math.exp((reading.mean_nats - best) * longest) for reading in readings]


def _risk(reading: Reading, others: Sequence[Reading], weights: Sequence[float]) -> float:
    """The word errors of a reading, if each of the others is right as often as its weight says."""
    risk = 0.0
    for other, weight in zip(others, weights, strict=True):
        risk += weight * Levenshtein.distance(reading.words, other.words)
    return risk

"""Pure: the choice among the readings that the decoder keeps."""

import math
from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein


def least_risk(readings: Sequence[Sequence[str]], log_likelihoods: Sequence[float]) -> int:
    """Index of the reading with the least expected word errors against all readings; ties: first.

    The likeliest whole is seldom the one with the fewest wrong words. Minimum Bayes risk over an
    n-best list: Stolcke, König and Weintraub, 1997, "Explicit word error minimization in n-best
    list rescoring". `log_likelihoods` in nats.
    """
    likeliest = max(log_likelihoods)
    weights = [math.exp(nats - likeliest) for nats in log_likelihoods]
    risks = [_risk(reading, readings, weights) for reading in readings]
    return risks.index(min(risks))


def _risk(
    reading: Sequence[str], others: Sequence[Sequence[str]], weights: Sequence[float]
) -> float:
    weighted = zip(weights, others, strict=True)
    return sum(weight * Levenshtein.distance(reading, other) for weight, other in weighted)

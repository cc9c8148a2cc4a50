"""Pure: which of a decoder's readings to believe. The likeliest whole is seldom the one with the fewest wrong words."""

import math
from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein


def agreed(readings: Sequence[Sequence[str]], log_likelihoods: Sequence[float]) -> int:
    """Index of the reading with the least expected word errors against all of them, each as likely as its log-likelihood says.

    Minimum Bayes risk over an n-best list (Stolcke, König and Weintraub, 1997, "Explicit word error minimization in n-best list
    rescoring"). Of equal ones the first.
    """
    most = max(log_likelihoods)
    weights = [math.exp(one - most) for one in log_likelihoods]
    risks = [
        sum(
            w * Levenshtein.distance(one, other) for w, other in zip(weights, readings, strict=True)
        )
        for one in readings
    ]
    return risks.index(min(risks))

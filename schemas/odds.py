"""Probabilities and their log-odds. Pure."""

import math

LEAST = 0.001
"""A probability is taken for no less than this, and no more than the rest of one."""
MOST_LOG_ODDS = 30.0


def logit(probability: float) -> float:
    """Returns the log-odds of a probability, which is kept off 0 and 1."""
    kept = max(LEAST, min(1 - LEAST, probability))
    return math.log(kept / (1 - kept))


def logistic(log_odds: float) -> float:
    """Returns the probability of some log-odds."""
    kept = max(-MOST_LOG_ODDS, min(MOST_LOG_ODDS, log_odds))
    return 1 / (1 + math.exp(-kept))

"""Logistic regression of few features, with weights for samples and a penalty for large ones."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]
PENALTY = 0.3
"""Of the square of each weight but the first, which is the constant."""
CONSTANT_PENALTY = 0.01


def fitted(rows: Floats, right: Floats, worth: Floats) -> list[float]:
    """Return the weights of the columns of `rows`; the first column is 1 everywhere. Repeatable.

    `worth` is how much each row counts.
    """
    penalties = np.full(rows.shape[1], PENALTY)
    penalties[0] = CONSTANT_PENALTY

    def loss(weights: Floats) -> tuple[float, Floats]:
        log_odds = rows @ weights
        costs = worth * (np.logaddexp(0, log_odds) - right * log_odds)
        probabilities = 1 / (1 + np.exp(-log_odds))
        slopes = rows.T @ (worth * (probabilities - right))
        penalty = float((penalties * weights**2).sum()) / 2
        return float(costs.sum()) + penalty, slopes + penalties * weights

    found = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B")
    return [float(weight) for weight in found.x]

"""Logistic regression of few features, with weights for samples and a penalty for large ones."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]
PENALTY = 0.3
"""Of the square of each weight but the first, which is the constant."""
CONSTANT_PENALTY = 0.01
PLAIN_WEIGHT = 2.0
"""Of a false count in talk without Singlish. It is the worst, and the rarest in the samples."""


def fitted(rows: Floats, right: Floats, plain: NDArray[np.bool_]) -> list[float]:
    """Return the weights of the columns of `rows`; the first column is 1 everywhere. Repeatable."""
    penalties = np.full(rows.shape[1], PENALTY)
    penalties[0] = CONSTANT_PENALTY
    worth = np.where(plain, PLAIN_WEIGHT, 1.0)

    def loss(weights: Floats) -> tuple[float, Floats]:
        log_odds = rows @ weights
        costs = worth * (np.logaddexp(0, log_odds) - right * log_odds)
        probabilities = 1 / (1 + np.exp(-log_odds))
        slopes = rows.T @ (worth * (probabilities - right))
        penalty = float((penalties * weights**2).sum()) / 2
        return float(costs.sum()) + penalty, slopes + penalties * weights

    found = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B")
    return [float(weight) for weight in found.x]

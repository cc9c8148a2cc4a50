"""Logistic regression of few features, with weights for samples and a penalty for large ones."""

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]
PENALTY = 0.3
"""Cost of the square of each weight but the first, which is the constant."""
CONSTANT_PENALTY = 0.01


class OfRecording(Protocol):
    """A sample, and the recording that it is from."""

    @property
    def recording(self) -> str: ...


SampleT = TypeVar("SampleT", bound=OfRecording)


def left_out(found: Sequence[SampleT]) -> Iterator[tuple[list[SampleT], list[SampleT]]]:
    """Yield the samples of each recording, and those of all others, which may judge them."""
    for name in sorted({one.recording for one in found}):
        own = [one for one in found if one.recording == name]
        others = [one for one in found if one.recording != name]
        yield own, others


def fitted(rows: Floats, right: Floats, worth: Floats) -> list[float]:
    """Return the weights of the columns of `rows`; the first column is 1 everywhere. Repeatable.

    `right` is 1 or 0 for each row, `worth` is how much the row counts.
    """
    columns = rows.shape[1]
    penalties = np.full(columns, PENALTY)
    penalties[0] = CONSTANT_PENALTY

    def loss_and_slopes(weights: Floats) -> tuple[float, Floats]:
        log_odds = rows @ weights
        loss = _costs(log_odds, right, worth) + _penalty(weights, penalties)
        surplus = worth * (_probabilities(log_odds) - right)
        slopes = rows.T @ surplus + penalties * weights
        return loss, slopes

    found = minimize(loss_and_slopes, np.zeros(columns), jac=True, method="L-BFGS-B")
    weights: list[float] = found.x.tolist()
    return weights


def _costs(log_odds: Floats, right: Floats, worth: Floats) -> float:
    """The logarithm by which each row is wrong, summed up by the worth of the rows."""
    wrong = np.logaddexp(0, log_odds) - right * log_odds
    costs = worth * wrong
    return float(costs.sum())


def _penalty(weights: Floats, penalties: Floats) -> float:
    squares = penalties * weights**2
    return float(squares.sum()) / 2


def _probabilities(log_odds: Floats) -> Floats:
    return 1 / (1 + np.exp(-log_odds))

"""Logistic regression of few features, with weights for samples and a penalty for large ones."""

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]
PENALTY = 0.3
"""Of the square of each weight but the first, which is the constant."""
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

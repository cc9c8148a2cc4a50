"""Recognised text: words and segments with times in seconds, and the encoder states behind them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STATES_PER_S = 50
States = NDArray[np.float32]
"""Encoder states of one stretch, shape (frames, dimension), STATES_PER_S frames a second."""


@dataclass(frozen=True)
class RecognisedWord:
    """One word as it was written, a space before it; seconds from the start of its stretch.

    `english` is the probability that its segment is English.
    """

    text: str
    start_s: float
    end_s: float
    probability: float
    english: float = 1.0


@dataclass(frozen=True)
class RecognisedSegment:
    """Text between two timestamps of the recogniser. `compression_ratio`: characters over bytes.

    By `heard` and `understood` it is known whether it is English (`language.py`).
    """

    words: tuple[RecognisedWord, ...]
    compression_ratio: float
    heard: float = 1.0
    understood: float = 1.0


@dataclass(frozen=True)
class Recognised:
    """The text of one stretch, and the encoder states that it was decoded from.

    The decoder wrote `written` tokens, of which `said` were kept.
    """

    segments: tuple[RecognisedSegment, ...]
    states: States
    written: int = 0
    said: int = 0

"""Pure: where audio is cut: at the quietest place near a wanted one, which two neighbours find alike."""

import numpy as np

from adapters.settings import CUT_MS
from consumers.audio.decoder import Samples
from consumers.audio.decoding_child import RATE

MARGIN_MS = 300
"""Heard on both sides of a cut, for words that have no quiet place near them; who owns a word is decided by its midpoint."""
REACH_MS = CUT_MS - 2 * MARGIN_MS
"""How far before the border of a window it may be cut: never after it, so that a window waits for nothing beyond its end."""
FRAME = RATE // 50
QUIET_FRAMES = 20
"""0.4 s: longer than the closure of a stop within a word, shorter than a pause between turns."""
PER_MS = RATE // 1000


def quietest(samples: Samples, first: int, last: int) -> int:
    """The middle of the quietest 0.4 s between two sample indices; their middle when they are no further apart."""
    part = samples[first : first + max(0, last - first) // FRAME * FRAME].reshape(-1, FRAME)
    if len(part) <= QUIET_FRAMES:
        return (first + last) // 2
    energy = np.convolve((part**2).mean(axis=1), np.ones(QUIET_FRAMES), mode="valid")
    return first + (int(np.argmin(energy)) + QUIET_FRAMES // 2) * FRAME


def stretch(
    samples: Samples, from_ms: int, start_ms: int, end_ms: int, is_last: bool
) -> tuple[int, int]:
    """What the window [start_ms, end_ms) hears for itself alone, moved back to quiet places, on the session's timeline.

    `samples` begin at `from_ms` and end with the window. The session's first and last moments are no borders: nothing moves there.
    """
    start = _moved(samples, from_ms, start_ms) if from_ms < start_ms else start_ms
    return start, max(start, end_ms if is_last else _moved(samples, from_ms, end_ms))


def _moved(samples: Samples, from_ms: int, border_ms: int) -> int:
    first = max(from_ms, border_ms - REACH_MS)
    return (
        from_ms
        + quietest(samples, (first - from_ms) * PER_MS, (border_ms - from_ms) * PER_MS) // PER_MS
    )

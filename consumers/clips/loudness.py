"""A clip as loud as every other, and never louder than a sample can be. Pure."""

import numpy as np

from consumers.audio.decoder import Samples
from schemas.audio import SAMPLE_RATE

LOUDNESS = 0.1
"""Root mean square of the louder half of a clip: -20 dBFS, as podcasts have it."""
PEAK = 0.89
"""No sample is above it: -1 dBFS."""
MOST_GAIN = 30.0
"""A voice at -50 dBFS becomes as loud as the others. Anything quieter is noise."""
FRAME = SAMPLE_RATE // 50
"""Samples of one frame: 20 ms."""


def levelled(samples: Samples) -> Samples:
    """The samples times one factor. Somebody who sat far away can be heard in the clip."""
    loudness = max(_loudness(samples), 1e-9)
    peak = max(float(np.abs(samples).max(initial=0)), 1e-9)
    gain = min(MOST_GAIN, LOUDNESS / loudness, PEAK / peak)
    scaled: Samples = (samples * gain).astype(np.float32)
    return scaled


def _loudness(samples: Samples) -> float:
    """Root mean square of the louder half of the frames: pauses do not count."""
    whole = len(samples) // FRAME * FRAME
    if not whole:
        return 0.0
    frames = samples[:whole].reshape(-1, FRAME)
    power = np.square(frames).mean(axis=1)
    power.sort()
    louder_half = power[len(power) // 2 :]
    return float(np.sqrt(louder_half.mean()))

"""Channels become one, no louder than the loudest of them. Pure.

FFmpeg's own mix cancels channels of opposite phase to silence, and makes equal channels 3 dB
louder: speech at full scale is clipped then.
"""

import numpy as np
from numpy.typing import NDArray

from schemas.audio import SAMPLE_RATE

Samples = NDArray[np.float32]
"""Float32 samples at 16 kHz; mono has shape (samples,), channels have (channels, samples)."""
BLOCK = SAMPLE_RATE
"""Samples for which the phase of a channel is decided."""
DEAD = 1e-4
"""A channel with less power than this part of the loudest one holds nothing: -40 dB."""
OPPOSED = -0.3
ALIKE = 0.0
"""Correlations with the loudest channel: below the first a channel is turned, above the second it
is not, and between them it stays as it was."""
SLOW = 40
"""Samples over which a voice has no mean: 2.5 ms."""
LOUDEST = 4.0
"""Full scale is 1. Decoders overshoot it a little; files of floats hold anything."""


def limited(channels: Samples) -> Samples:
    """The samples of a decoder, within LOUDEST.

    A sample that is no number is silence: models make more of them from it.
    """
    numbers: Samples = np.nan_to_num(channels, nan=0.0, posinf=0.0, neginf=0.0)
    return np.clip(numbers, -LOUDEST, LOUDEST, out=numbers)


def mono(channels: Samples) -> Samples:
    """The mean of the channels that hold something, in one phase. Shape (samples,)."""
    if len(channels) == 1:
        return np.ascontiguousarray(channels[0])
    fast = [_fast(channel) for channel in channels]
    power = np.array([sound @ sound for sound in fast])
    loudest = int(power.argmax())
    live = np.flatnonzero(power > DEAD * power.max()).tolist()
    if len(live) < 2:
        return np.ascontiguousarray(channels[loudest])
    mixed: Samples = np.zeros_like(channels[0])
    for number in live:
        mixed += channels[number] * _phase(fast[loudest], fast[number])
    return mixed / np.float32(len(live))


def _fast(channel: Samples) -> Samples:
    """A channel without what is slower than a voice.

    An offset, hum and rumble are alike in channels of which one has the voice turned over.
    """
    padded = np.pad(channel, SLOW // 2, mode="edge")
    sums = np.cumsum(padded, dtype=np.float64)
    slow = (sums[SLOW:] - sums[:-SLOW]) / SLOW
    return channel - slow.astype(np.float32)


def _phase(loudest: Samples, channel: Samples) -> Samples:
    """1 or -1 for each sample."""
    phase = 1.0 if _likeness(loudest, channel) >= ALIKE else -1.0
    phases: list[float] = []
    for start in range(0, len(loudest), BLOCK):
        one = loudest[start : start + BLOCK]
        other = channel[start : start + BLOCK]
        phase = _phase_of_block(_likeness(one, other), phase)
        phases.append(phase)
    by_block = np.array(phases, np.float32)
    by_sample = np.repeat(by_block, BLOCK)
    return by_sample[: len(loudest)]


def _likeness(one: Samples, other: Samples) -> float:
    """Cosine of two blocks; 0 where one of them is silent."""
    shared = float(one @ other)
    powers = (one @ one) * (other @ other)
    return shared / max(float(np.sqrt(powers)), 1e-12)


def _phase_of_block(likeness: float, before: float) -> float:
    """A block that is neither alike nor opposed keeps the phase of the one before."""
    if likeness < OPPOSED:
        return -1.0
    if likeness > ALIKE:
        return 1.0
    return before

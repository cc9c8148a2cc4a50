"""Pure: which part of its source a microphone heard, and whether it sounds like it.

The microphone of a test skips on a busy machine. The source is followed over each skip: it then is
the same talk with the same skips.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from consumers.audio.decoder import Samples
from deploy.benchmark.seams import BAND_HZ, BLOCK, REACH, likeness, place
from schemas.audio import SAMPLE_RATE, SAMPLES_PER_MS

Floats = NDArray[np.float64]
SOUND = 0.01
"""Of full scale: more than the noise of a room in which nobody speaks."""
FOUND_BY_S = 5
LEAST_LIKENESS = 0.75
"""Correlation of a loud block with its source, in BAND_HZ. Above, Opus keeps how loud noise is."""


@dataclass
class Followed:
    """`samples`: the source of a stretch of audio, as long as the stretch.

    `skips_ms`: how far the microphone moved in the source each time that it did; + is forward.
    `unlike_ms`: how much loud audio has no source near, or is lacking.
    """

    samples: Samples
    skips_ms: list[float] = field(default_factory=list)
    unlike_ms: float = 0.0


def follow(source: Samples, stretch: Samples) -> Followed:
    """Find the source of a stretch without a gap; silence is nowhere in particular.

    Raises ValueError when its first five seconds of sound are not in the source.
    """
    followed = Followed(np.zeros_like(stretch))
    loud = np.flatnonzero(np.abs(stretch) > SOUND)
    if not len(loud):
        return followed
    first = int(loud[0])
    begin = place(source, stretch[first : first + FOUND_BY_S * SAMPLE_RATE]) - first
    margin = len(stretch) + REACH
    _follow(np.pad(source, margin), margin + begin, stretch, followed)
    return followed


def _follow(wide: Samples, begin: int, stretch: Samples, followed: Followed) -> None:
    """Fill `followed`, block by block, from `begin` of the source on."""
    played = _in_band(wide)
    heard = _in_band(stretch)
    unlike = 0
    for at in range(0, len(stretch), BLOCK):
        block = heard[at : at + BLOCK]
        moved = _moved(played, begin + at, block)
        if moved is None:
            unlike += len(block)
        else:
            # A skip within a block makes this one block like nothing.
            of_the_skip = BLOCK if moved else 0
            followed.unlike_ms += max(0, unlike - of_the_skip) / SAMPLES_PER_MS
            unlike = 0
        if moved:
            followed.skips_ms.append(moved / SAMPLES_PER_MS)
            begin += moved
        followed.samples[at : at + BLOCK] = wide[begin + at : begin + at + len(block)]
    followed.unlike_ms += unlike / SAMPLES_PER_MS


def _in_band(samples: Samples) -> Samples:
    spectrum = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE)
    low_hz, high_hz = BAND_HZ
    spectrum[(hertz < low_hz) | (hertz > high_hz)] = 0
    return np.fft.irfft(spectrum, len(samples)).astype(np.float32)


def _moved(played: Samples, there: int, block: Samples) -> int | None:
    """How many samples the microphone skipped before this block; None: it is like nothing near."""
    expected = played[there : there + len(block)]
    if max(_level(block), _level(expected)) < SOUND or likeness(expected, block) > LEAST_LIKENESS:
        return 0
    likenesses = _likenesses(played[there - REACH : there + REACH + len(block)], block)
    best = int(np.argmax(likenesses))
    return best - REACH if likenesses[best] >= LEAST_LIKENESS else None


def _level(samples: Samples) -> float:
    return float(np.sqrt(np.mean(samples**2)))


def _likenesses(near: Samples, block: Samples) -> Floats:
    """Correlation of the block with each place of `near`: from -1 to 1, 0 beside silence."""
    energies = np.convolve(near.astype(np.float64) ** 2, np.ones(len(block)), "valid")
    powers = np.sqrt(np.maximum(energies, 0) * np.sum(block.astype(np.float64) ** 2))
    products = np.correlate(near, block, "valid")
    found: Floats = np.divide(products, powers, out=np.zeros_like(powers), where=powers > 1e-9)
    return found

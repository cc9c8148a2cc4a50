"""Pure: how much of a known signal is lost or doubled in what a stage hears of it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from consumers.audio.decoder import Samples
from schemas.audio import SAMPLE_RATE, SAMPLES_PER_MS

BLOCK = 200 * SAMPLES_PER_MS
"""Samples that are looked for in the source at a time."""
PIECE = 20 * SAMPLES_PER_MS
"""Samples that are heard or not heard."""
REACH = 500 * SAMPLES_PER_MS
"""The farthest that a block is from where the block before it was."""
LEAST_LIKENESS = 0.5
"""Correlation from which on something is the source. Opus of 32 kbit/s has 0.97, other noise 0."""
BAND_HZ = (200, 3400)
LOUDNESS = 0.2
SYLLABLES_HZ = 1.7
LEAST_SLIP_MS = 0.5
"""Less is the resampler's."""


@dataclass(frozen=True)
class Seams:
    """Milliseconds in all seams together.

    `lost`: of the source, skipped. `doubled`: heard twice. `unheard`: other sound or silence.
    """

    lost_ms: float
    doubled_ms: float
    unheard_ms: float

    @property
    def all_ms(self) -> float:
        """Everything that is not as the source was."""
        return self.lost_ms + self.doubled_ms + self.unheard_ms


def signal(seconds: int, seed: int = 5) -> Samples:
    """Noise in the band of speech, as loud and as soft as syllables: no place is like another."""
    count = seconds * SAMPLE_RATE
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(size=count))
    hertz = np.fft.rfftfreq(count, 1 / SAMPLE_RATE)
    low_hz, high_hz = BAND_HZ
    spectrum[(hertz < low_hz) | (hertz > high_hz)] = 0
    spectrum /= np.maximum(1, hertz / low_hz)
    noise = np.fft.irfft(spectrum, count)
    turn = 2 * np.pi * SYLLABLES_HZ * np.arange(count) / SAMPLE_RATE
    syllables = 0.3 + 0.7 * np.abs(np.sin(turn))
    shaped = noise * syllables
    loud = np.clip(LOUDNESS * shaped / shaped.std(), -0.99, 0.99)
    return np.asarray(loud, dtype=np.float32)


def seams(source: Samples, heard: Samples) -> Seams:
    """Compare what was heard with its source; where it begins in the source does not matter.

    Raises ValueError when the beginning of `heard` is nowhere in the source.
    """
    places = list(_places(source, heard))
    slips = np.diff([place for _, place in places]) / SAMPLES_PER_MS
    slips = slips[np.abs(slips) >= LEAST_SLIP_MS]
    return Seams(
        lost_ms=round(float(slips[slips > 0].sum()), 2),
        doubled_ms=round(float(np.abs(slips[slips < 0]).sum()), 2),
        unheard_ms=_unheard(source, heard, places) * PIECE / SAMPLES_PER_MS,
    )


def place(source: Samples, heard: Samples) -> int:
    """Return the sample of the source at which `heard` begins.

    Raises ValueError when it is not in the source.
    """
    found, likeness = _found(source, heard)
    if likeness < LEAST_LIKENESS:
        raise ValueError("what was heard is not in the source")
    return found


def _places(source: Samples, heard: Samples) -> Iterator[tuple[int, int]]:
    """Of each block that is found: where it begins in `heard`, and how far off in the source."""
    offset = None
    for at in range(0, len(heard) - BLOCK, BLOCK):
        block = heard[at : at + BLOCK]
        first = 0
        last = len(source)
        if offset is not None:
            first = max(0, at + offset - REACH)
            last = min(last, at + offset + BLOCK + REACH)
        place, likeness = _found(source[first:last], block)
        if likeness >= LEAST_LIKENESS:
            offset = first + place - at
            yield at, offset
    if offset is None:
        raise ValueError("nothing of the signal is in what was heard")


def _found(source: Samples, block: Samples) -> tuple[int, float]:
    """Where the block is most like the source, and how much."""
    if len(source) < len(block):
        return 0, 0.0
    size = 1 << (len(source) + len(block)).bit_length()
    spectrum = np.fft.rfft(source, size)
    wanted = np.conj(np.fft.rfft(block, size))
    products = np.fft.irfft(spectrum * wanted, size)
    place = int(np.argmax(products[: len(source) - len(block) + 1]))
    return place, _likeness(source[place : place + len(block)], block)


def _likeness(one: Samples, other: Samples) -> float:
    power = float(np.sqrt(np.sum(one**2) * np.sum(other**2)))
    if power <= 0:
        return 0.0
    return float(np.dot(one, other)) / power


def _unheard(
    source: Samples,
    heard: Samples,
    places: list[tuple[int, int]],
) -> int:
    """Pieces between the first block and the last that are not where their neighbours say."""
    starts = np.array([at for at, _ in places])
    count = 0
    for at in range(places[0][0], places[-1][0] + BLOCK - PIECE + 1, PIECE):
        near = int(np.searchsorted(starts, at, side="right")) - 1
        offsets = {offset for _, offset in places[max(0, near - 1) : near + 2]}
        piece = heard[at : at + PIECE]
        count += max(_at(source, at + one, piece) for one in offsets) < LEAST_LIKENESS
    return count


def _at(source: Samples, place: int, piece: Samples) -> float:
    first = max(0, place)
    there = source[first : first + len(piece)]
    return _likeness(there, piece) if len(there) == len(piece) else 1.0

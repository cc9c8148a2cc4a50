"""Pure: how much of a known signal is lost or doubled in what a stage hears of it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consumers.audio.decoder import Samples
from schemas.audio import SAMPLE_RATE, SAMPLES_PER_MS

Floats = NDArray[np.float64]
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
class Block:
    """A block that was found: where it begins in what was heard, and how far off in the source."""

    at: int
    offset: int


@dataclass(frozen=True)
class Match:
    """The place of the source that is most like a block, and how much: from -1 to 1."""

    place: int
    likeness: float


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
    shaped = _band_noise(count, seed) * _syllables(count)
    loud = LOUDNESS * shaped / shaped.std()
    clipped = np.clip(loud, -0.99, 0.99)
    return np.asarray(clipped, dtype=np.float32)


def _band_noise(count: int, seed: int) -> Floats:
    """Noise in BAND_HZ, louder where it is deep."""
    white = np.random.default_rng(seed).normal(size=count)
    spectrum = np.fft.rfft(white)
    hertz = np.fft.rfftfreq(count, 1 / SAMPLE_RATE)
    low_hz, high_hz = BAND_HZ
    is_outside = (hertz < low_hz) | (hertz > high_hz)
    spectrum[is_outside] = 0
    spectrum /= np.maximum(1, hertz / low_hz)
    noise: Floats = np.fft.irfft(spectrum, count)
    return noise


def _syllables(count: int) -> Floats:
    """How loud speech is at each sample: never silent."""
    angle = 2 * np.pi * SYLLABLES_HZ * np.arange(count) / SAMPLE_RATE
    loudness: Floats = 0.3 + 0.7 * np.abs(np.sin(angle))
    return loudness


def seams(source: Samples, heard: Samples) -> Seams:
    """Compare what was heard with its source; where it begins in the source does not matter.

    Raises ValueError when the beginning of `heard` is nowhere in the source.
    """
    blocks = list(_blocks(source, heard))
    slips_ms = np.diff([block.offset for block in blocks]) / SAMPLES_PER_MS
    forward_ms = slips_ms[slips_ms >= LEAST_SLIP_MS]
    back_ms = slips_ms[slips_ms <= -LEAST_SLIP_MS]
    unheard = PIECE * _unheard(source, heard, blocks)
    return Seams(
        lost_ms=round(float(forward_ms.sum()), 2),
        doubled_ms=round(float(np.abs(back_ms).sum()), 2),
        unheard_ms=unheard / SAMPLES_PER_MS,
    )


def place(source: Samples, heard: Samples) -> int:
    """Return the sample of the source at which `heard` begins.

    Raises ValueError when it is not in the source.
    """
    match = _match(source, heard)
    if match.likeness < LEAST_LIKENESS:
        raise ValueError("what was heard is not in the source")
    return match.place


def _blocks(source: Samples, heard: Samples) -> Iterator[Block]:
    """Yield the blocks of `heard` that are in the source, near the block before."""
    offset: int | None = None
    for at in range(0, len(heard) - BLOCK, BLOCK):
        first = 0
        last = len(source)
        if offset is not None:
            first = max(0, at + offset - REACH)
            last = min(last, at + offset + BLOCK + REACH)
        match = _match(source[first:last], heard[at : at + BLOCK])
        if match.likeness >= LEAST_LIKENESS:
            offset = first + match.place - at
            yield Block(at, offset)
    if offset is None:
        raise ValueError("nothing of the signal is in what was heard")


def _match(source: Samples, block: Samples) -> Match:
    """Compare the block with each place of the source, by one multiplication of spectra."""
    if len(source) < len(block):
        return Match(0, 0.0)
    size = 1 << (len(source) + len(block)).bit_length()
    of_source = np.fft.rfft(source, size)
    of_block = np.conj(np.fft.rfft(block, size))
    products = np.fft.irfft(of_source * of_block, size)
    places = len(source) - len(block) + 1
    best = int(np.argmax(products[:places]))
    there = source[best : best + len(block)]
    return Match(best, likeness(there, block))


def likeness(one: Samples, other: Samples) -> float:
    """Correlation of two pieces of one length: from -1 to 1, 0 beside silence."""
    energies = np.sum(one**2) * np.sum(other**2)
    power = float(np.sqrt(energies))
    if power <= 0:
        return 0.0
    return float(np.dot(one, other)) / power


def _unheard(source: Samples, heard: Samples, blocks: list[Block]) -> int:
    """Pieces between the first block and the last that are not where their neighbours say."""
    starts = np.array([block.at for block in blocks])
    first = blocks[0].at
    end = blocks[-1].at + BLOCK
    count = 0
    for at in range(first, end - PIECE + 1, PIECE):
        near = int(np.searchsorted(starts, at, side="right")) - 1
        neighbours = blocks[max(0, near - 1) : near + 2]
        piece = heard[at : at + PIECE]
        places = {at + block.offset for block in neighbours}
        likeness = max(_likeness_at(source, place, piece) for place in places)
        count += likeness < LEAST_LIKENESS
    return count


def _likeness_at(source: Samples, place: int, piece: Samples) -> float:
    """How much a piece is like the source there; 1 behind the end of the source."""
    first = max(0, place)
    there = source[first : first + len(piece)]
    if len(there) != len(piece):
        return 1.0
    return likeness(there, piece)

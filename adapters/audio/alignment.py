"""Samples of several bytes behind bytes that were lost: read from a wrong byte on, they are noise.

Neighbours of a sound are near each other. Read from a wrong byte on they differ a hundred times as
much, in the loudest voices, too.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adapters.audio import heads
from adapters.audio.opening import UNDECODABLE, opened_each, tracks_of

FILE = re.compile(
    b"|".join([rb"RIFF....WAVE", heads.AIFF, heads.CAF, heads.AU, heads.W64]), re.DOTALL
)
"""Kinds of files whose samples follow each other from a place on."""
WAV = b"RIFF"
PCM = re.compile(r"pcm_([sf])(16|24|32)(le|be)")
BLOCK = 512
"""Samples of all channels that are looked at together."""
LOOKED_AT = 40
"""Blocks at the end that show whether the samples are read from a right byte on."""
BEGINNING = 4
"""Blocks at the beginning, which were read right before bytes were lost."""
ROUGHER = 16.0
"""By how much a wrong reading differs more, at least."""
PADDED = 0.9
"""Samples most of which have one number in their lowest byte have fewer bits, and tell nothing."""
STEREO = 2
"""Neighbours of one channel, and nearly so where there is one only."""
LOUDEST = 4.0
FULL_SCALE = 32_768


class _Samples(NamedTuple):
    """Where samples of so many bytes begin and end in a file."""

    start: int
    end: int
    width: int
    channels: int
    is_big: bool
    is_float: bool

    @property
    def block(self) -> int:
        """Bytes of a block."""
        return BLOCK * self.channels * self.width

    @property
    def blocks(self) -> int:
        """How many whole ones there are."""
        return (self.end - self.start) // self.block


def aligned(file: bytes) -> bytes:
    """The file with its samples where they are read; any other file as it is.

    Nobody knows how many samples were lost, so those behind come as much too early.
    """
    if not FILE.match(file) or _is_surely_aligned(file):
        return file
    with suppress(*UNDECODABLE):
        samples = _samples(file)
        if samples is None:
            return file
        tail = samples.start + max(0, samples.blocks - LOOKED_AT) * samples.block
        shift = _shift(file[tail : samples.end], samples)
        head = file[samples.start : samples.start + BEGINNING * samples.block]
        # A square wave is read wrong from its beginning on, and is not damaged.
        if shift and not _shift(head, samples):
            return _mended(file, samples, shift)
    return file


def _is_surely_aligned(file: bytes) -> bool:
    """Whether a WAV ends with samples of 16 bits that are read right from even bytes on.

    Its sound begins at one, as all its chunks do. To open a WAV takes a third of its measuring.
    """
    if not file.startswith(WAV):
        return False
    start = max(0, len(file) - LOOKED_AT * BLOCK) // 2 * 2
    pairs = _Samples(start, len(file), 2, STEREO, is_big=False, is_float=False)
    tail = file[start:]
    return _roughness(tail, pairs, 1) > ROUGHER * max(1.0, _roughness(tail, pairs, 0))


def _samples(file: bytes) -> _Samples | None:
    for container in opened_each([file]):
        track = tracks_of(container)[0]
        found = PCM.fullmatch(track.codec_context.name)
        first = next(container.demux(track), None)
        if not found or not track.channels or first is None or first.pos is None:
            return None
        kind, bits, order = found.groups()
        width = int(bits) // 8
        frames = (track.duration or 0) * float(track.time_base or 0) * track.sample_rate
        end = first.pos + round(frames) * track.channels * width
        end = min(end, len(file))
        return _Samples(first.pos, end, width, track.channels, order == "be", kind == "f")
    return None


def _shift(block: bytes, samples: _Samples) -> int:
    """The bytes from which on samples are read right; 0 when they are, or none are."""
    if not block or _is_padded(block, samples):
        return 0
    rough = [_roughness(block, samples, shift) for shift in range(samples.width)]
    best = int(np.argmin(rough))
    return best if rough[0] > ROUGHER * max(1.0, rough[best]) else 0


def _is_padded(block: bytes, samples: _Samples) -> bool:
    first = samples.width - 1 if samples.is_big else 0
    lowest = np.frombuffer(block, np.uint8)[first :: samples.width]
    return bool(np.bincount(lowest).max() > PADDED * len(lowest))


def _mended(file: bytes, samples: _Samples, shift: int) -> bytes:
    """The file with silence in the place behind which its samples are read from another byte on."""
    here = np.array(list(_by_block(file, samples, 0)))
    there = np.array(list(_by_block(file, samples, shift)))
    # For each block: how rough all are when it is the first one that is read otherwise.
    rough = here.cumsum() - here + there[::-1].cumsum()[::-1]
    damaged = int(rough.argmin())
    first = samples.start + max(0, damaged - 1) * samples.block
    behind = min(samples.end, samples.start + (damaged + 1) * samples.block + shift)
    lost = -(behind - first) % samples.width
    return file[:first] + bytes(behind - first + lost) + file[behind:]


def _by_block(file: bytes, samples: _Samples, shift: int) -> Iterator[float]:
    for at in range(samples.start, samples.end, samples.block):
        yield _roughness(file[at : min(samples.end, at + samples.block)], samples, shift)


def _roughness(block: bytes, samples: _Samples, shift: int) -> float:
    """How much neighbours in a channel differ, when the samples are read from a byte on."""
    whole = (len(block) - shift) // samples.width
    if whole <= samples.channels:
        return 0.0
    read = np.frombuffer(block, np.uint8, whole * samples.width, shift).reshape(whole, -1)
    read = read if samples.is_big else read[:, ::-1]
    numbers = _floats(read) if samples.is_float else _integers(read)
    steps = numbers[samples.channels :] - numbers[: -samples.channels]
    return float(steps @ steps) / len(steps)


def _floats(read: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Samples by their bytes, the highest one first. Those that are no numbers are silence."""
    with np.errstate(invalid="ignore"):
        found = np.ascontiguousarray(read).view(">f4")[:, 0].astype(np.float64)
    return FULL_SCALE * np.clip(np.nan_to_num(found), -LOUDEST, LOUDEST)


def _integers(read: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Samples by their bytes, the highest one first."""
    number: NDArray[np.float64] = read[:, 0].astype(np.int8).astype(np.float64)
    for place in range(1, read.shape[1]):
        number = number * 256 + read[:, place]
    return number

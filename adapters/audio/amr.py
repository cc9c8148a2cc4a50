"""AMR: a head, and frames of which each names its own length. FFmpeg takes any bytes for frames.

Bytes that are no frames are left out. Where they stand in the place of frames, frames without data
stand for them: the sound behind keeps its time. Pure.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adapters.audio.tags import TAGGED


class Kind(NamedTuple):
    """A kind of AMR: its head, and the bytes of a frame of each type; 0: there is no such type."""

    head: bytes
    sizes: tuple[int, ...]
    speech: int
    """Types below this one hold speech."""


KINDS = (
    Kind(b"#!AMR\n", (13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1), 8),
    Kind(b"#!AMR-WB\n", (18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1), 9),
)
GOOD = 0x04
"""The bit of a frame that came whole."""
NO_DATA = b"\x7c"
FOLLOWED = 2
"""Frames that follow one, or it is none: the last one before damage may be the damage."""
NEAR = 64
NEAR_IN_A_ROW = 8
"""Whole frames that show where sound goes on within the next bytes."""
IN_A_ROW = 5
"""Frames of one type of speech that show the same anywhere: noise has them once in 100 GB."""
MOST_LOST = 250
"""Frames that may be damaged in their place: 5 s. More bytes than that were put between."""
FEW_LOST = 3
"""Frames of which a part may be gone."""
MOST_FRAMES = 110_000
"""More than an upload may have. Those behind them stay as they are."""
HEADLESS = 50
"""Frames of one type in a row, a second of speech, that show what a body without a head is."""


def mended(body: bytes) -> bytes:
    """An AMR file of frames alone; any other file as it is."""
    for kind in KINDS:
        if body.startswith(kind.head):
            return b"".join(_Walk(body, kind).pieces())
    return body


def headed(body: bytes) -> bytes:
    """AMR whose head was cut off with one; any other body as it is."""
    if TAGGED.match(body):
        return body
    for kind in KINDS:
        sizes = _sizes(kind, GOOD, kind.speech)
        for at, first in enumerate(body[:NEAR]):
            size = sizes[first]
            frames = body[at : at + size * HEADLESS]
            is_same = size > 0 and frames[::size] == bytes([first]) * HEADLESS
            if is_same and frames[:size] != frames[-size:]:
                return kind.head + body[at:]
    return body


def _sizes(kind: Kind, wanted: int, types: int) -> list[int]:
    """Bytes of a frame by its first byte, of the types below a number; 0 for what is no frame."""
    sizes = [0] * 256
    for number, size in enumerate(kind.sizes[:types]):
        for good in {wanted, GOOD}:
            sizes[number << 3 | good] = size
    return sizes


class _Walk:
    """From frame to frame of a file."""

    def __init__(self, body: bytes, kind: Kind) -> None:
        types = len(kind.sizes)
        self._body = body
        self._head = len(kind.head)
        self._sizes = _sizes(kind, 0, types)
        self._whole = _sizes(kind, GOOD, types)
        self._speech = _sizes(kind, GOOD, kind.speech)

    def pieces(self) -> Iterator[bytes]:
        """The pieces that the file consists of."""
        start = 0
        at = self._head
        first = 0
        for _ in range(MOST_FRAMES):
            end = self._end(at)
            if end:
                first = self._body[at]
                at = end
                continue
            yield self._body[start:at]
            start = self._next(at + 1)
            if start == len(self._body):
                return
            yield NO_DATA * self._lost(start - at, first, self._body[start])
            at = start
            first = self._body[at]
        yield self._body[start:]

    def _end(self, at: int) -> int:
        """Where the frame at `at` ends; 0 when none is there. The last one may have been cut."""
        body = self._body
        if at >= len(body):
            return 0
        first = body[at]
        end = at + self._sizes[first]
        if end == at or end > len(body):
            return 0
        if not first and not any(body[at:end]):
            return 0
        return end if self._is_row(end, self._sizes, FOLLOWED) else 0

    def _is_row(self, at: int, sizes: list[int], frames: int) -> bool:
        """Whether so many frames follow each other from `at` on, or fewer to the end."""
        for _ in range(frames):
            if at >= len(self._body):
                break
            size = sizes[self._body[at]]
            if not size:
                return False
            at += size
        return True

    def _next(self, at: int) -> int:
        """Where frames go on from `at` on; the end of the body where they do not."""
        for near in range(at, min(at + NEAR, len(self._body) - NEAR)):
            if self._is_row(near, self._whole, NEAR_IN_A_ROW):
                return near
        found = int(np.searchsorted(self._starts, at))
        return int(self._starts[found]) if found < len(self._starts) else len(self._body)

    @cached_property
    def _starts(self) -> NDArray[np.intp]:
        """Every place at which frames of one type of speech follow each other."""
        firsts = np.frombuffer(self._body, np.uint8)
        sizes = np.array(self._speech)
        starts = np.flatnonzero(sizes.astype(bool)[firsts])
        sizes_here = sizes[firsts[starts]]
        for number in range(1, IN_A_ROW):
            at = starts + number * sizes_here
            inside = at < len(firsts)
            starts = starts[inside]
            sizes_here = sizes_here[inside]
            same = firsts[at[inside]] == firsts[starts]
            starts = starts[same]
            sizes_here = sizes_here[same]
        return starts

    def _lost(self, damaged: int, before: int, behind: int) -> int:
        """Frames in the place of which so many bytes are; none where the bytes were put between."""
        size = self._speech[before] or self._speech[behind]
        if not size:
            return 1
        lost = round(damaged / size)
        fits = damaged % size == 0 or lost < FEW_LOST
        return lost if fits and lost <= MOST_LOST else 0

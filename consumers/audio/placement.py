"""Decoded chunks laid on the session's timeline by the start that their phone declared. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from consumers.audio.decoder import Samples
from schemas.audio import BRIDGE_MS, SAMPLES_PER_MS, whole_ms
from schemas.ranges import Ranges, add, clip, covers, missing


@dataclass(frozen=True)
class Placed:
    """A decoded chunk and its place. `samples` is None when it could not be decoded.

    `missing` are its own spans, in ms, in which its recorder recorded nothing.
    """

    seq: int
    start_ms: int
    duration_ms: int
    samples: Samples | None
    missing: Ranges = ()


class Timeline:
    """The audio of [from_ms, to_ms). Chunks are laid one by one, in the order of their numbers.

    A chunk is cut at its length. Where two overlap, the lower sequence number wins; samples are
    never added up.
    """

    def __init__(self, from_ms: int, to_ms: int) -> None:
        self._from_ms = from_ms
        self._to_ms = to_ms
        self._first = from_ms * SAMPLES_PER_MS
        """The first sample. Samples are counted from the beginning of the session."""
        self._samples = np.zeros((to_ms - from_ms) * SAMPLES_PER_MS, dtype=np.float32)
        self._written: Ranges = ()
        """The samples that a chunk wrote, inside this span and outside."""
        self._covered: Ranges = ()
        """The milliseconds in which a chunk has audio."""

    def lacks(self, start_ms: int, duration_ms: int) -> bool:
        """Whether a chunk at this place may have audio that those before it have not."""
        first_ms = max(start_ms, self._from_ms - BRIDGE_MS)
        end_ms = min(start_ms + duration_ms, self._to_ms + BRIDGE_MS)
        first = first_ms * SAMPLES_PER_MS
        end = end_ms * SAMPLES_PER_MS
        return not covers(self._written, first, end)

    def lay(self, chunk: Placed) -> None:
        """Write what the chunk has, and those before it have not."""
        if chunk.samples is None:
            return
        samples = chunk.samples[: chunk.duration_ms * SAMPLES_PER_MS]
        length_ms = whole_ms(len(samples))
        if chunk.duration_ms - length_ms <= BRIDGE_MS:
            length_ms = chunk.duration_ms  # the encoder's, at the end of a session too
        for start, end in missing(chunk.missing, 0, length_ms):
            part = samples[start * SAMPLES_PER_MS : end * SAMPLES_PER_MS]
            start_ms = chunk.start_ms + start
            self._write(part, start_ms * SAMPLES_PER_MS)
            self._covered = add(self._covered, start_ms, chunk.start_ms + end, BRIDGE_MS)

    def _write(self, part: Samples, first: int) -> None:
        """Write the samples of `part`, which begins at sample `first`, where none are yet."""
        end = first + len(part)
        unwritten = missing(self._written, first, end)
        end_of_timeline = self._first + len(self._samples)
        for start, stop in clip(unwritten, self._first, end_of_timeline):
            here = slice(start - self._first, stop - self._first)
            of_part = slice(start - first, stop - first)
            self._samples[here] = part[of_part]
        self._written = add(self._written, first, end)

    def laid(self) -> tuple[Samples, Ranges]:
        """Samples, zeros where audio is missing, and the missing spans in ms."""
        known = clip(self._covered, self._from_ms, self._to_ms)
        return self._samples, missing(known, self._from_ms, self._to_ms)


def lay(chunks: Iterable[Placed], from_ms: int, to_ms: int) -> tuple[Samples, Ranges]:
    """All of these chunks on a timeline: see `Timeline`."""
    timeline = Timeline(from_ms, to_ms)
    for chunk in sorted(chunks, key=_seq):
        timeline.lay(chunk)
    return timeline.laid()


def _seq(chunk: Placed) -> int:
    return chunk.seq

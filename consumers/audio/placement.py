"""Decoded chunks laid on the session's timeline by the start that their phone declared. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from consumers.audio.decoder import Samples
from schemas.audio import BRIDGE_MS, SAMPLES_PER_MS, whole_ms
from schemas.ranges import Range, Ranges, clip, missing, union


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


def lay(
    chunks: Sequence[Placed],
    from_ms: int,
    to_ms: int,
) -> tuple[Samples, Ranges]:
    """Samples of [from_ms, to_ms), zeros where audio is missing, and the missing spans in ms.

    A chunk is cut at its length. Where two overlap, the lower sequence number wins; samples are
    never added up.
    """
    timeline = np.zeros((to_ms - from_ms) * SAMPLES_PER_MS, dtype=np.float32)
    covered: list[Range] = []
    for chunk in sorted(chunks, key=_seq, reverse=True):
        if chunk.samples is not None:
            covered.extend(_laid(timeline, chunk, chunk.samples, from_ms))
    known = clip(union(covered, BRIDGE_MS), from_ms, to_ms)
    return timeline, missing(known, from_ms, to_ms)


def _laid(
    timeline: Samples,
    chunk: Placed,
    samples: Samples,
    from_ms: int,
) -> Iterator[Range]:
    """Writes what was recorded, and says which spans of the session that is."""
    samples = samples[: chunk.duration_ms * SAMPLES_PER_MS]
    length_ms = whole_ms(len(samples))
    if chunk.duration_ms - length_ms <= BRIDGE_MS:
        length_ms = chunk.duration_ms  # the encoder's, at the end of a session too
    for start, end in missing(chunk.missing, 0, length_ms):
        part = samples[start * SAMPLES_PER_MS : end * SAMPLES_PER_MS]
        start_ms = chunk.start_ms + start
        _write(timeline, part, (start_ms - from_ms) * SAMPLES_PER_MS)
        yield start_ms, chunk.start_ms + end


def _write(timeline: Samples, samples: Samples, offset: int) -> None:
    """Writes over the timeline from `offset` on, which may be negative; the rest is cut off."""
    first = max(0, -offset)
    last = min(len(samples), len(timeline) - offset)
    if last <= first:
        return
    place = slice(offset + first, offset + last)
    timeline[place] = samples[first:last]


def _seq(chunk: Placed) -> int:
    return chunk.seq

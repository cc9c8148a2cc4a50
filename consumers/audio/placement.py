"""Decoded chunks laid on the session's timeline by their declared start. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from consumers.audio.decoder import Samples
from schemas.audio import BRIDGE_MS, SAMPLES_PER_MS
from schemas.ranges import Ranges, clip, missing, union


@dataclass(frozen=True)
class Placed:
    """A decoded chunk and its place. `samples` is None when it could not be decoded."""

    seq: int
    start_ms: int
    duration_ms: int
    samples: Samples | None


def lay(chunks: Sequence[Placed], from_ms: int, to_ms: int) -> tuple[Samples, Ranges]:
    """Samples of [from_ms, to_ms), zeros where audio is missing, and the missing spans in ms.

    A chunk is cut at its declared length. Where two overlap, the lower sequence number wins;
    samples are never added up.
    """
    timeline = np.zeros((to_ms - from_ms) * SAMPLES_PER_MS, dtype=np.float32)
    covered: list[tuple[int, int]] = []
    for chunk in sorted(chunks, key=_seq, reverse=True):
        if chunk.samples is None:
            continue
        samples = chunk.samples[: chunk.duration_ms * SAMPLES_PER_MS]
        _write(timeline, samples, (chunk.start_ms - from_ms) * SAMPLES_PER_MS)
        length_ms = -(-len(samples) // SAMPLES_PER_MS)
        covered.append((chunk.start_ms, chunk.start_ms + length_ms))
    known = clip(union(covered, BRIDGE_MS), from_ms, to_ms)
    return timeline, missing(known, from_ms, to_ms)


def _write(timeline: Samples, samples: Samples, offset: int) -> None:
    """Writes over the timeline from `offset` on, which may be negative; the rest is cut off."""
    first = max(0, -offset)
    last = min(len(samples), len(timeline) - offset)
    if last > first:
        timeline[offset + first : offset + last] = samples[first:last]


def _seq(chunk: Placed) -> int:
    return chunk.seq

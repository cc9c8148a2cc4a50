"""Pure: decoded chunks laid on the session's timeline by their declared start, never summed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from consumers.audio.decoder import Samples
from schemas.audio import SAMPLES_PER_MS
from schemas.ranges import Ranges, clip, missing, union

BRIDGE_MS = 250
"""Holes shorter than this are the encoder's, not the conversation's (design, Windows)."""


@dataclass(frozen=True)
class Placed:
    """A decoded chunk and where it belongs; `samples` is None when it could not be decoded."""

    seq: int
    start_ms: int
    duration_ms: int
    samples: Samples | None


def lay(chunks: Sequence[Placed], from_ms: int, to_ms: int) -> tuple[Samples, Ranges]:
    """Samples of [from_ms, to_ms), zeros where nothing was heard, and the spans that are missing.

    Chunks are trimmed to their declared length; where two overlap the lower sequence number wins.
    """
    timeline = np.zeros((to_ms - from_ms) * SAMPLES_PER_MS, dtype=np.float32)
    heard: list[tuple[int, int]] = []
    for chunk in sorted(chunks, key=lambda c: c.seq, reverse=True):
        if chunk.samples is None:
            continue
        kept = chunk.samples[: chunk.duration_ms * SAMPLES_PER_MS]
        offset = (chunk.start_ms - from_ms) * SAMPLES_PER_MS
        first, last = max(0, -offset), min(len(kept), len(timeline) - offset)
        if last > first:
            timeline[offset + first : offset + last] = kept[first:last]
        heard.append((chunk.start_ms, chunk.start_ms + -(-len(kept) // SAMPLES_PER_MS)))
    return timeline, missing(clip(union(heard, BRIDGE_MS), from_ms, to_ms), from_ms, to_ms)

"""Overlap-add of clustered activity, a chunk at a time: memory grows with frames x speakers, never with chunks as well."""

from typing import Any

import numpy as np
from pyannote.core import Annotation, Segment, SlidingWindow, SlidingWindowFeature
from pyannote.core.utils.generators import string_generator

Array = np.ndarray[Any, Any]
NOBODY = -2
"""pyannote's mark of a local speaker who is not active in a chunk."""


def activations(
    segmentations: SlidingWindowFeature, hard_clusters: Array, frames: SlidingWindow
) -> SlidingWindowFeature:
    """(frames, clusters): how many chunks say that a cluster speaks; the sums of pyannote's `Inference.aggregate`."""
    chunks, clusters = segmentations.sliding_window, int(np.max(hard_clusters)) + 1
    grid = SlidingWindow(start=chunks.start, duration=frames.duration, step=frames.step)
    count, length = segmentations.data.shape[:2]
    end_s = chunks.start + chunks.duration + (count - 1) * chunks.step
    total = np.zeros((grid.closest_frame(end_s + 0.5 * grid.duration) + 1, clusters), np.float32)
    for number, (cluster, active) in enumerate(zip(hard_clusters, segmentations.data, strict=True)):
        first = grid.closest_frame(chunks.start + number * chunks.step + 0.5 * grid.duration)
        for k in np.unique(cluster):
            if k != NOBODY:
                total[first : first + length, k] += np.nan_to_num(
                    np.max(active[:, cluster == k], axis=1)
                )
    return SlidingWindowFeature(total, grid)


def discrete(found: SlidingWindowFeature, count: SlidingWindowFeature) -> SlidingWindowFeature:
    """(frames, clusters) of 0 and 1: in each frame the `count` strongest clusters speak (pyannote's `to_diarization`)."""
    most = int(np.max(count.data))
    if found.data.shape[1] < most:
        found.data = np.pad(found.data, ((0, 0), (0, most - found.data.shape[1])))
    extent = found.extent & count.extent
    found, count = found.crop(extent, return_data=False), count.crop(extent, return_data=False)
    strongest = np.argsort(-found.data, axis=-1)
    length = min(len(count.data), len(strongest))
    speaks = np.arange(strongest.shape[1])[None, :] < count.data[:length]
    binary = np.zeros_like(found.data)
    np.put_along_axis(binary[:length], strongest[:length], speaks.astype(binary.dtype), axis=-1)
    return SlidingWindowFeature(binary, found.sliding_window)


def annotated(binary: SlidingWindowFeature) -> Annotation:
    """(frames, clusters) of 0 and 1 as segments between the middles of frames, as pyannote's `Binarize`; by its edges, not frame by frame."""
    found, names, frames = Annotation(), string_generator(), binary.sliding_window
    last = len(binary.data) - 1
    for cluster, track in zip(range(binary.data.shape[1]), names, strict=False):
        active = binary.data[:, cluster] > 0
        edges = np.flatnonzero(np.diff(active.astype(np.int8), prepend=0))
        for start, end in zip(edges[::2], [*edges[1::2], last], strict=False):
            found[Segment(frames[int(start)].middle, frames[int(end)].middle), track] = cluster
    return found

"""Clustered activity as turns: the same as pyannote's own functions, faster and in less memory.

pyannote's `reconstruct` holds frames x speakers x chunks of the whole session; here memory grows
with frames x speakers. pyannote's `to_annotation` goes frame by frame, which takes as long as the
clustering of an hour; here only the edges are looked at. Pure.

`tests/laws/test_own_clustering.py` compares these with `speaker_count`, `reconstruct` and
`to_annotation` of pyannote.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np

from consumers.voices.assignment import INACTIVE
from consumers.voices.clustering import ClusterTurn
from consumers.voices.embeddings import Array
from consumers.voices.frames import Frames
from consumers.voices.grid import Grid

Run = tuple[int, int]
"""Frames from the first that is active to the first that is not, or to the session's last one."""


@dataclass(frozen=True)
class SessionActivity:
    """A session as its chunks describe it. `activity`: (chunks, frames, local speakers), 0 or 1."""

    activity: Array
    grid: Grid
    frames: Frames

    def number_speaking(self) -> Array:
        """How many speak at once in each frame: the mean of what chunks say of it, rounded."""
        total = np.zeros(self._size)
        chunks = np.zeros(self._size)
        for frames, active in self._placed():
            total[frames] += active.sum(axis=1)
            chunks[frames] += 1
        rounded: Array = np.rint(total / np.maximum(chunks, 1)).astype(np.int8)
        return rounded

    def turns(self, clusters: Array, number_speaking: Array, pause_ms: float) -> list[ClusterTurn]:
        """Turns in order of time. In each frame the clusters speak of which most chunks say so.

        `clusters`: (chunks, local speakers). `number_speaking`: how many clusters speak in each
        frame. Pauses within a turn of less than `pause_ms` are filled.
        """
        speaks = _strongest(self._votes(clusters), number_speaking)
        found: list[tuple[int, int, int]] = []
        for cluster, active in enumerate(speaks.T):
            runs = _joined(_runs(active), pause_ms / self.frames.step_ms)
            found += [(first, end, cluster) for first, end in runs]
        return [self._turn(*run) for run in sorted(found)]

    def _turn(self, first: int, end: int, cluster: int) -> ClusterTurn:
        start_ms = round(self.frames.middle_ms(first))
        end_ms = round(self.frames.middle_ms(end))
        return ClusterTurn(start_ms, end_ms, cluster)

    @property
    def _size(self) -> int:
        """Frames of the session."""
        chunks = range(len(self.activity))
        return self.frames.at(self.grid.end_ms(chunks)) + 1

    def _placed(self) -> Iterator[tuple[slice, Array]]:
        """The activity of each chunk, and its frames in the session."""
        for chunk, active in enumerate(self.activity):
            first = self.frames.at(chunk * self.grid.step_ms)
            yield slice(first, first + len(active)), active

    def _votes(self, clusters: Array) -> Array:
        """Shape (frames, clusters): how many chunks say that a cluster speaks."""
        number = max(0, int(np.max(clusters)) + 1)
        votes = np.zeros((self._size, number), np.float32)
        for of_local, (frames, active) in zip(clusters, self._placed(), strict=True):
            for cluster, speaks in _by_cluster(of_local, active).items():
                votes[frames, cluster] += speaks
        return votes


def _by_cluster(of_local: Array, active: Array) -> dict[int, Array]:
    """Frames of one chunk in which a cluster speaks: 0 or 1. It may be several local speakers."""
    found: dict[int, Array] = {}
    for cluster, speaks in zip(of_local.tolist(), active.T, strict=True):
        if cluster != INACTIVE:
            found[cluster] = np.maximum(speaks, found.get(cluster, speaks))
    return found


def _strongest(votes: Array, number_speaking: Array) -> Array:
    """Shape (frames, clusters): in each frame the clusters with most votes speak.

    Where more speak than there are clusters, others without a vote are added.
    """
    lacking = max(0, int(np.max(number_speaking)) - votes.shape[1])
    padded = np.pad(votes, ((0, 0), (0, lacking)))
    strongest_first = np.argsort(-padded, axis=-1)
    is_strong = np.arange(padded.shape[1]) < number_speaking[:, None]
    speaks = np.zeros(padded.shape, np.bool_)
    np.put_along_axis(speaks, strongest_first, is_strong, axis=-1)
    return speaks


def _runs(active: Array) -> Iterator[Run]:
    """Runs of active frames. One that is the last frame alone has no length, and is none."""
    changes = np.diff(active.astype(np.int8), prepend=0)
    edges = np.flatnonzero(changes).tolist()
    last = len(active) - 1
    for first, end in zip(edges[::2], chain(edges[1::2], [last]), strict=False):
        if first < end:
            yield first, end


def _joined(runs: Iterable[Run], pause: float) -> list[Run]:
    """The runs, those with less than `pause` frames between them as one."""
    found: list[Run] = []
    for run in runs:
        if found and run[0] - found[-1][1] < pause:
            found[-1] = (found[-1][0], run[1])
        else:
            found.append(run)
    return found

"""The port of clustering: the voices of all chunks of a session become people. No model runs.

`consumers.voices.session_clustering` implements it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from consumers.voices.diarization import Voices
from consumers.voices.embeddings import Array
from consumers.voices.grid import Grid


class ClusterTurn(NamedTuple):
    """One cluster speaks in [start_ms, end_ms)."""

    start_ms: int
    end_ms: int
    cluster: int


@dataclass(frozen=True)
class Clustered:
    """Turns by cluster number, and the centroid of each cluster, shape (clusters, dimension)."""

    turns: tuple[ClusterTurn, ...]
    exclusive: tuple[ClusterTurn, ...]
    centroids: Array


NOBODY = Clustered((), (), np.zeros((0, 0)))


class Clustering(Protocol):
    """Tells the people of a session apart. All methods block."""

    grid: Grid

    def cluster(
        self,
        voices: Voices,
        speakers: int | None = None,
        splits: Sequence[Sequence[float]] = (),
    ) -> Clustered:
        """Local speakers of all chunks as clusters: one a person.

        `speakers`: how many clusters to make, when that is known. `splits`: voices that are two
        people each; the cluster nearest to each becomes two.
        """

    def possible_speakers(self, voices: Voices) -> dict[int, float]:
        """How likely each number of speakers is, from 0 to 1; empty when that is not known."""

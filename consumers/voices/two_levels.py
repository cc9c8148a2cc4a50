"""pyannote's clustering for sessions that are very long, or have very little speech.

Long ones are clustered in two levels. Between the two it is pyannote's own, unchanged.
"""

import math
from typing import TYPE_CHECKING

import numpy as np
from pyannote.audio.pipelines.clustering import AgglomerativeClustering

from consumers.voices.embeddings import Array, is_known, speaks_alone

if TYPE_CHECKING:
    from pyannote.core import SlidingWindowFeature

MOST_EXACT = 5_400
"""Embeddings that are clustered at once.

An hour at a step of 2 s has 1,796 chunks of 3 local speakers. Agglomerative clustering is quadratic
in time and memory: 7,000 embeddings take 7 s.
"""


class TwoLevels(AgglomerativeClustering):
    """Agglomerative clustering. More than `most` embeddings are clustered in parts of equal length.

    The centroids of the parts' clusters are then clustered. Within a part a voice is many
    embeddings, so its centroid is steady: centroids are far clearer than single chunks are.
    """

    most = MOST_EXACT

    def filter_embeddings(
        self,
        embeddings: Array,
        segmentations: "SlidingWindowFeature | None" = None,
        min_active_ratio: float = 0.2,
    ) -> tuple[Array, Array, Array]:
        """Embeddings to cluster, with their chunks and local speakers.

        pyannote takes those who speak alone for a fifth of a chunk. Where nobody does, everybody
        counts who speaks alone at all, and where nobody does that, everybody who speaks.
        """
        found: tuple[Array, Array, Array] = super().filter_embeddings(
            embeddings, segmentations, min_active_ratio
        )
        if len(found[0]):
            return found
        assert segmentations is not None
        known = is_known(embeddings)
        usable = speaks_alone(segmentations.data).any(axis=1) & known
        if not usable.any():
            usable = np.any(segmentations.data > 0, axis=1) & known
        chunks, speakers = np.nonzero(usable)
        return embeddings[chunks, speakers], chunks, speakers

    def cluster(
        self,
        embeddings: Array,
        min_clusters: int | None = None,
        max_clusters: int | None = None,
        num_clusters: int | None = None,
    ) -> Array:
        """One cluster number an embedding, from 0. `embeddings`: shape (n, dimension)."""
        if len(embeddings) <= self.most:
            return self._whole(embeddings, min_clusters, max_clusters, num_clusters)
        number_of_parts = math.ceil(len(embeddings) / (self.most // 2))
        parts = np.array_split(embeddings, number_of_parts)
        labels = [self._whole(part, 1, len(part), None) for part in parts]
        centroids: list[Array] = []
        for part, found in zip(parts, labels, strict=True):
            centroids += _centroids(part, found)
        above = self._upper().cluster(np.array(centroids), min_clusters, max_clusters, num_clusters)
        return np.concatenate(_lowered(above, labels))

    def _whole(
        self, embeddings: Array, least: int | None, most: int | None, wanted: int | None
    ) -> Array:
        found: Array = super().cluster(
            embeddings, min_clusters=least, max_clusters=most, num_clusters=wanted
        )
        return found

    def _upper(self) -> AgglomerativeClustering:
        """Clusters centroids. A voice of one part only is still a voice."""
        clustering = AgglomerativeClustering(metric=self.metric)
        clustering.instantiate(
            {"method": self.method, "min_cluster_size": 1, "threshold": self.threshold}
        )
        return clustering


def _centroids(embeddings: Array, labels: Array) -> list[Array]:
    """The centroid of each label, from 0."""
    found: list[Array] = []
    for label in range(labels.max() + 1):
        own = embeddings[labels == label]
        found.append(own.mean(axis=0))
    return found


def _lowered(above: Array, labels: list[Array]) -> list[Array]:
    """The upper cluster of each embedding of each part."""
    found: list[Array] = []
    start = 0
    for own in labels:
        found.append(above[own + start])
        start += own.max() + 1
    return found

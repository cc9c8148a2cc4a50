"""Clustering of long sessions in two levels; up to an hour it is pyannote's own, unchanged."""

from typing import Any

import numpy as np
from pyannote.audio.pipelines.clustering import AgglomerativeClustering

from consumers.voices.voice_splits import Splits

Array = np.ndarray[Any, Any]
MOST_EXACT = 5_400
"""An hour at a step of 2 s has 1,796 chunks of 3 local speakers. Agglomerative clustering is quadratic in time and memory:
7,000 embeddings take 7 s."""


class TwoLevels(Splits, AgglomerativeClustering):  # type: ignore[misc]
    """Agglomerative clustering; more than `most` embeddings are clustered in parts of equal length, and then the parts' centroids.

    Within a part a voice is many embeddings, so its centroid is steady: what is compared at the second level is far clearer
    than single chunks are.
    """

    most = MOST_EXACT

    def cluster(
        self,
        embeddings: Array,
        min_clusters: int | None = None,
        max_clusters: int | None = None,
        num_clusters: int | None = None,
    ) -> Array:
        """One cluster number an embedding, 0-based."""
        if len(embeddings) <= self.most:
            return self._whole(embeddings, min_clusters, max_clusters, num_clusters)
        parts = np.array_split(embeddings, -(-len(embeddings) // (self.most // 2)))
        labels = [self._whole(part, 1, len(part), None) for part in parts]
        centroids = [
            part[found == k].mean(axis=0)
            for part, found in zip(parts, labels, strict=True)
            for k in range(found.max() + 1)
        ]
        above = self._top().cluster(np.array(centroids), min_clusters, max_clusters, num_clusters)
        starts = np.cumsum([0, *(found.max() + 1 for found in labels[:-1])])
        return np.concatenate(
            [above[found + start] for found, start in zip(labels, starts, strict=True)]
        )

    def _whole(
        self, embeddings: Array, least: int | None, most: int | None, wanted: int | None
    ) -> Array:
        found: Array = super().cluster(
            embeddings, min_clusters=least, max_clusters=most, num_clusters=wanted
        )
        return found

    def _top(self) -> Any:
        # A voice that is heard in one part only is still a voice: no cluster of centroids is too small.
        return AgglomerativeClustering(metric=self.metric).instantiate(
            {"method": self.method, "min_cluster_size": 1, "threshold": self.threshold}
        )

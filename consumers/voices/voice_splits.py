"""One voice that is two people: its own embeddings are clustered again, and everything after it runs unchanged."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from consumers.voices.embeddings import Array, unit


class Splits:
    """Mixin before a clustering of pyannote: `file["splits"]` are centroids of voices to be taken apart, in this order."""

    def __call__(self, embeddings: Array, segmentations: Any = None, **more: Any) -> Any:
        """As the clustering answers: hard clusters, soft clusters, centroids; with one more cluster a split."""
        cluster = super().__call__  # type: ignore[misc]
        hard, soft, centroids = cluster(embeddings=embeddings, segmentations=segmentations, **more)
        for voice in (more.get("file") or {}).get("splits", ()):
            hard, centroids = split(
                embeddings, segmentations.data.any(axis=1), hard, centroids, voice
            )
        return hard, soft, centroids


def split(
    embeddings: Array, active: Array, hard: Array, centroids: Array, voice: Sequence[float]
) -> tuple[Array, Array]:
    """Clusters (chunks, local speakers) and centroids (clusters, dimension) after the one nearest to `voice` was halved.

    By Ward's criterion, over the embeddings of whoever speaks (`active`, (chunks, local speakers)); unchanged with fewer than two.
    """
    cluster = int(np.argmax(unit(centroids) @ unit(np.asarray(voice)[None])[0]))
    chunks, locals_ = np.nonzero((hard == cluster) & active & np.isfinite(embeddings).all(axis=-1))
    if len(chunks) < 2:
        return hard, centroids
    own = embeddings[chunks, locals_]
    second = fcluster(linkage(unit(own), method="ward"), 2, criterion="maxclust") == 2
    hard = hard.copy()
    hard[chunks[second], locals_[second]] = len(centroids)
    centroids = centroids.copy()
    centroids[cluster] = own[~second].mean(axis=0)
    return hard, np.vstack([centroids, own[second].mean(axis=0)])

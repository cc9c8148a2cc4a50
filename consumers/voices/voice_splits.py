"""Splits one voice that is two people: its embeddings are clustered again, into two. Pure."""

from collections.abc import Sequence

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from consumers.voices.embeddings import Array, cosine, is_known, unit


def split_voice(
    embeddings: Array, active: Array, clusters: Array, centroids: Array, voice: Sequence[float]
) -> tuple[Array, Array]:
    """Clusters and centroids after the cluster nearest to `voice` was halved; inputs unchanged.

    `embeddings`: (chunks, local speakers, dimension). `active` and `clusters`: (chunks, local
    speakers). `centroids`: (clusters, dimension). The halves are found by Ward's criterion over the
    embeddings of active speakers. The second half gets a new number. Both are returned as they
    were when `voice` is of another model, or when no two embeddings of the cluster differ.
    """
    if len(voice) != centroids.shape[-1]:
        return clusters, centroids
    likeness = cosine(centroids, np.array([voice]))[:, 0]
    halved = int(np.argmax(likeness))
    is_own = (clusters == halved) & active & is_known(embeddings)
    chunks, speakers = np.nonzero(is_own)
    if len(chunks) < 2:
        return clusters, centroids
    own = embeddings[chunks, speakers]
    is_second = _second_half(own)
    if not is_second.any():
        return clusters, centroids
    new_cluster = len(centroids)
    clusters = clusters.copy()
    clusters[chunks[is_second], speakers[is_second]] = new_cluster
    centroids = centroids.copy()
    centroids[halved] = own[~is_second].mean(axis=0)
    return clusters, np.vstack([centroids, own[is_second].mean(axis=0)])


def _second_half(embeddings: Array) -> Array:
    """Which of (n, dimension) are in the second of two halves; none when all are equal."""
    tree = linkage(unit(embeddings), method="ward")
    is_second: Array = fcluster(tree, 2, criterion="maxclust") == 2
    return is_second

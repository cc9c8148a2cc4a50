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
    embeddings of active speakers. The second half gets a new number. Everything is returned as it
    was when `voice` is none of these centroids' kind, or when fewer than two embeddings differ.
    """
    if len(voice) != centroids.shape[-1]:
        return clusters, centroids
    likeness = cosine(centroids, np.array([voice]))[:, 0]
    nearest = int(np.argmax(likeness))
    is_own = (clusters == nearest) & active & is_known(embeddings)
    chunks, speakers = np.nonzero(is_own)
    if len(chunks) < 2:
        return clusters, centroids
    own = embeddings[chunks, speakers]
    tree = linkage(unit(own), method="ward")
    is_second = fcluster(tree, 2, criterion="maxclust") == 2
    if not is_second.any():  # embeddings that are equal cannot be told apart
        return clusters, centroids
    halved = clusters.copy()
    halved[chunks[is_second], speakers[is_second]] = len(centroids)
    first = centroids.copy()
    first[nearest] = own[~is_second].mean(axis=0)
    return halved, np.vstack([first, own[is_second].mean(axis=0)])

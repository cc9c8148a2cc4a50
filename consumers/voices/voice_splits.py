"""Splits one voice that is two people: its embeddings are clustered again, into two. Pure."""

from collections.abc import Sequence

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from consumers.voices.embeddings import Array, cosine, unit


def split_voice(
    embeddings: Array, active: Array, clusters: Array, centroids: Array, voice: Sequence[float]
) -> tuple[Array, Array]:
    """Clusters and centroids after the cluster nearest to `voice` was halved; inputs unchanged.

    `embeddings`: (chunks, local speakers, dimension). `active` and `clusters`: (chunks, local
    speakers). `centroids`: (clusters, dimension). The halves are found by Ward's criterion over the
    embeddings of active speakers. The second half gets a new number. With fewer than two
    embeddings everything is returned as it was.
    """
    nearest = int(np.argmax(cosine(centroids, np.asarray(voice)[None])[:, 0]))
    is_known = np.isfinite(embeddings).all(axis=-1)
    chunks, speakers = np.nonzero((clusters == nearest) & active & is_known)
    if len(chunks) < 2:
        return clusters, centroids
    own = embeddings[chunks, speakers]
    tree = linkage(unit(own), method="ward")
    is_second = fcluster(tree, 2, criterion="maxclust") == 2
    halved = clusters.copy()
    halved[chunks[is_second], speakers[is_second]] = len(centroids)
    first = centroids.copy()
    first[nearest] = own[~is_second].mean(axis=0)
    return halved, np.vstack([first, own[is_second].mean(axis=0)])

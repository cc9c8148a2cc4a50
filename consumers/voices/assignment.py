"""Which cluster a local speaker belongs to. Pure."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from consumers.voices.embeddings import Array

INACTIVE = -2
"""Cluster number of a local speaker who is not active, or for whom no cluster is left."""


def distinct(similarity: Array) -> Array:
    """The cluster of each local speaker, shape (chunks, local speakers). `INACTIVE`: none is left.

    `similarity`: shape (chunks, local speakers, clusters). Two who speak in the same chunk are two
    people, however alike their voices: their clusters differ, and are the most similar together.
    """
    clusters = np.full(similarity.shape[:2], INACTIVE)
    for of_locals, of_chunk in zip(clusters, similarity, strict=True):
        speakers, assigned = linear_sum_assignment(of_chunk, maximize=True)
        of_locals[speakers] = assigned
    return clusters

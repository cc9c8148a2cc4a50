"""Agglomerative clustering of local speakers: pyannote's, with the parameters of our weights.

Centroid linkage of embeddings of length 1. `tests/laws/test_own_clustering.py` compares it with
`AgglomerativeClustering` of pyannote. Two things are our own: sessions of more than an hour are
clustered in two levels, and those in which nobody speaks alone for long are clustered too. Pure.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from consumers.voices.assignment import distinct
from consumers.voices.embeddings import Array, cosine, is_known, speaks_alone, unit

THRESHOLD = 0.70
"""Distance up to which two clusters are one (docs/models.md)."""
LEAST_SIZE = 12
"""Embeddings of a cluster. One with less goes to the nearest one that has as many."""
LEAST_SHARE = 0.1
"""In short talks a cluster needs this share of all embeddings."""
LEAST_ALONE = 0.2
"""Share of a chunk in which a local speaker is alone: others have too vague an embedding."""
MOST_EXACT = 5_400
"""Embeddings that are clustered at once.

An hour at a step of 2 s has 1,796 chunks of 3 local speakers. Agglomerative clustering is quadratic
in time and memory: 7,000 embeddings take 7 s.
"""


@dataclass(frozen=True)
class Agglomerative:
    """Implements `LocalClusters`. More than `most` embeddings are clustered in two levels.

    They are clustered in parts of equal length. The centroids of the parts' clusters are then
    clustered. Within a part a voice is many embeddings, so its centroid is steady: centroids are
    far clearer than single chunks are.
    """

    most: int = MOST_EXACT
    pause_ms = 0.0

    def clusters(
        self, activity: Array, embeddings: Array, speakers: int | None
    ) -> tuple[Array, Array]:
        """As the port says. Seconds for an hour."""
        usable = clear(activity, embeddings)
        own = embeddings[usable]
        if len(own) == 1 or speakers == 1:
            return np.zeros(usable.shape, np.int64), own.mean(axis=0, keepdims=True)
        labels = self._labels(unit(own), speakers)
        centroids = _means(own, labels)
        flat = embeddings.reshape(-1, embeddings.shape[-1]).astype(np.float64)
        similarity = cosine(flat, centroids)
        # Nobody is less like a voice than one whose own is not known.
        ranked = np.where(np.isnan(similarity), np.nanmin(similarity), similarity)
        return distinct(ranked.reshape(*usable.shape, len(centroids))), centroids

    def _labels(self, units: Array, speakers: int | None) -> Array:
        """The cluster of each of `units`, shape (n, dimension), numbered from 0."""
        if len(units) <= self.most:
            return _cut(units, speakers, LEAST_SIZE)
        number_of_parts = math.ceil(len(units) / (self.most // 2))
        parts = np.array_split(units, number_of_parts)
        labels = [_cut(part, None, LEAST_SIZE) for part in parts]
        pairs = zip(parts, labels, strict=True)
        centroids = np.concatenate([_means(part, found) for part, found in pairs])
        # A voice of one part only is still a voice.
        above = _cut(unit(centroids), speakers, least_size=1)
        return np.concatenate(_lowered(above, labels))


def clear(activity: Array, embeddings: Array) -> Array:
    """The local speakers who are clustered, shape (chunks, local speakers).

    Those who speak alone for a fifth of a chunk. Where nobody does, everybody counts who speaks
    alone at all, and where nobody does that, everybody who speaks.
    """
    known = is_known(embeddings)
    alone = speaks_alone(activity)
    long_enough = alone.sum(axis=1) >= LEAST_ALONE * activity.shape[1]
    for usable in (long_enough, alone.any(axis=1)):
        if (usable & known).any():
            return usable & known
    active: Array = np.any(activity > 0, axis=1)
    return active & known


def _cut(units: Array, wanted: int | None, least_size: int) -> Array:
    """The cluster of each of `units`, from 0; `wanted` of them where that can be."""
    number = len(units)
    if number == 1:
        return np.zeros(1, np.int64)
    least = min(least_size, max(1, round(LEAST_SHARE * number)))
    tree = linkage(units, method="centroid")
    labels = _flat(tree, THRESHOLD)
    large = len(_large(labels, least))
    # Where no cluster is large enough, all are one.
    asked = min(wanted, number) if wanted else max(1, large)
    if large != asked:
        labels = _nearest_to(tree, asked, least)
    return _without_small(units, labels, least)


def _nearest_to(tree: Array, wanted: int, least: int) -> Array:
    """The tree cut after the join that leaves most nearly `wanted` large clusters.

    Joins near the threshold are tried first.
    """
    joins = len(tree)
    by_join = tree.copy()
    by_join[:, 2] = np.arange(joins)
    best = _flat(by_join, joins)
    away = abs(wanted - 1)
    for join in np.argsort(np.abs(tree[:, 2] - THRESHOLD)).tolist():
        if not away:
            break
        if tree[join, 3] < least:  # a join of so few makes no cluster large
            continue
        labels = _flat(by_join, join)
        distance = abs(wanted - len(_large(labels, least)))
        if distance < away:
            away = distance
            best = labels
    return best


def _without_small(units: Array, labels: Array, least: int) -> Array:
    """Labels from 0, after each small cluster went to the most similar large one."""
    large = _large(labels, least)
    if not len(large):
        return np.zeros(len(labels), np.int64)
    means = _means(units, labels)
    similarity = cosine(means, means[large])
    nearest = np.argmax(similarity, axis=1)
    nearest[large] = np.arange(len(large))
    found: Array = nearest[labels]
    return found


def _flat(tree: Array, height: float) -> Array:
    """The cluster of each leaf when the tree is cut at a height, from 0."""
    labels: Array = fcluster(tree, height, criterion="distance") - 1
    return labels


def _large(labels: Array, least: int) -> Array:
    """The labels that `least` or more have."""
    return np.flatnonzero(np.bincount(labels) >= least)


def _means(embeddings: Array, labels: Array) -> Array:
    """The mean of each label, from 0."""
    of_label = [embeddings[labels == label] for label in range(labels.max() + 1)]
    return np.stack([own.mean(axis=0) for own in of_label])


def _lowered(above: Array, labels: Iterable[Array]) -> list[Array]:
    """The upper cluster of each embedding of each part."""
    found: list[Array] = []
    start = 0
    for own in labels:
        found.append(above[own + start])
        start += own.max() + 1
    return found

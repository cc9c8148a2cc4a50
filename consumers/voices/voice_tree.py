"""The tree of a talk's embeddings, cut where one voice ends and another begins. Pure.

Two kinds of embeddings are clustered together: local speakers of diarization chunks, and
utterances. A person with short turns is alone for two seconds in no chunk, but in many utterances
(docs/adr/0032).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from consumers.voices.diarization import Voices
from consumers.voices.embeddings import Array, is_known, speaks_alone, unit
from schemas.audio import DIARIZATION_CHUNK_MS

SHORT = (100, 0.60)
LONG = (400, 0.48)
"""Embeddings of a talk, and the cosine distance up to which two of its clusters are one voice.

The distance is averaged over all pairs. A talk of about one minute has as many embeddings as SHORT
says, one of four minutes as many as LONG. Between the two, the distance falls with the logarithm:
many embeddings of a voice have a steady mean, and more people have voices alike.
"""
LOWER = 0.1
"""However many people there are said to be: so far under the threshold, all is one voice."""
CUTS = 16
"""How often the tree is cut between the two when more voices are wanted."""
APART = 0.5
"""Distance that two local speakers of one chunk have in addition: they are two people."""
MOST_TOGETHER = 1 / 3
"""Share of such pairs that may come into one voice. Above it the talk's voices are alike.

Over a telephone two people are as near each other as two tones of one person are at a table.
"""
LEAST_S = 2.0
"""A cluster with less speech is no voice of its own, unless people say that it is."""
SPREAD = 0.07
"""How far the right threshold of a talk lies from ours: one standard deviation."""
SAMPLED = np.linspace(-2.5, 2.5, 21)
"""Thresholds that are tried for `possible`, in standard deviations."""
LEASTS_S = (LEAST_S / 2, LEAST_S, LEAST_S * 1.5)
"""And how much speech a voice has at least, each as likely as the others."""
ALONE_S = 1.0
"""A local speaker who is alone in a chunk for less has too vague an embedding."""
UTTERANCE_S = 0.7
"""So has a shorter utterance."""


@dataclass(frozen=True)
class VoiceTree:
    """Embeddings (n, dimension), the seconds of speech behind each, and pairs of two people."""

    embeddings: Array
    seconds: Array
    apart: tuple[tuple[int, int], ...] = ()

    def __len__(self) -> int:
        return len(self.embeddings)

    @property
    def threshold(self) -> float:
        """The distance up to which two clusters are one voice, in a talk of this length."""
        sizes, distances = zip(SHORT, LONG, strict=True)
        size = np.log(max(1, len(self)))
        return float(np.interp(size, np.log(sizes), distances))

    def voices(self) -> Array:
        """The voice of each embedding, numbered from 0."""
        return self._cut_apart(self.threshold, LEAST_S)

    def voices_of(self, number: int) -> Array:
        """The same, when people have said how many voices there are: those with most speech.

        Where they are too few, a voice needs less speech, and similar ones are told apart. There
        are fewer than `number` where one person would have to become two.
        """
        best = self.voices()
        lacking = abs(_number(best) - number)
        leasts_s = (LEAST_S, LEAST_S / 2, LEAST_S / 4, 0.0)
        for least_s, height in product(leasts_s, _heights(self.threshold)):
            found = self._cut(height, least_s, number)
            away = abs(_number(found) - number)
            if away < lacking:
                best = found
                lacking = away
            if not lacking:
                return best
        return best

    def possible(self) -> dict[int, float]:
        """How likely each number of voices is, by how many the thresholds around ours give."""
        weights = np.exp(-(SAMPLED**2) / 2)
        shares = weights / weights.sum() / len(LEASTS_S)
        heights = self.threshold + SPREAD * SAMPLED
        found: dict[int, float] = {}
        for height, share in zip(heights.tolist(), shares.tolist(), strict=True):
            for least_s in LEASTS_S:
                voices = self._cut_apart(height, least_s)
                number = _number(voices)
                found[number] = found.get(number, 0.0) + share
        return found

    def centroids(self, labels: Array) -> Array:
        """The mean direction of each label from 0, by seconds of speech."""
        by_label = np.argsort(labels, kind="stable")
        numbers = np.arange(_number(labels))
        firsts = np.searchsorted(labels[by_label], numbers)
        totals = np.add.reduceat(self._weighted[by_label], firsts, axis=0)
        seconds = np.bincount(labels, self.seconds)
        means: Array = totals / np.maximum(seconds, 1e-9)[:, None]
        return means

    @cached_property
    def _weighted(self) -> Array:
        """Directions, by seconds of speech."""
        weighted: Array = unit(self.embeddings) * self.seconds[:, None]
        return weighted

    @cached_property
    def _joins(self) -> Array:
        """Average linkage, as scipy gives it."""
        scaled = unit(self.embeddings)
        # Equal sound, as of a recording that is looped, can come out a little under 0.
        distances = np.maximum(1 - scaled @ scaled.T, 0.0)
        for first, second in self.apart:
            distances[[first, second], [second, first]] += APART
        joins: Array = linkage(distances[np.triu_indices(len(self), 1)], method="average")
        return joins

    @cached_property
    def _pairs(self) -> Array:
        """`apart` as an array."""
        return np.array(self.apart)

    def _cut_apart(self, height: float, least_s: float) -> Array:
        """As `_cut`, and lower where too many pairs of two people would be one voice."""
        first = self._cut(height, least_s)
        for lower in _heights(height):
            found = self._cut(lower, least_s)
            if self._together(found) <= MOST_TOGETHER:
                return found
        return first

    def _together(self, labels: Array) -> float:
        """The share of pairs of two people that are one voice."""
        if not self.apart:
            return 0.0
        pairs = labels[self._pairs]
        is_one_voice = pairs[:, 0] == pairs[:, 1]
        return float(is_one_voice.mean())

    def _cut(self, height: float, least_s: float, most: int | None = None) -> Array:
        """Clusters up to `height`; those with less than `least_s` go to the most similar one.

        So do all but the `most` with the most speech.
        """
        if len(self) < 2:
            return np.zeros(len(self), np.int64)
        labels = fcluster(self._joins, height, criterion="distance") - 1
        seconds = np.bincount(labels, self.seconds)
        ranked = np.argsort(-seconds, kind="stable")
        number = max(1, int((seconds >= least_s).sum()))
        if most:
            number = min(number, most)
        large = np.sort(ranked[:number])
        centroids = unit(self.centroids(labels))
        similarity = centroids @ centroids[large].T
        nearest = np.argmax(similarity, axis=1)
        nearest[large] = np.arange(number)
        found: Array = nearest[labels]
        return found


def tree_of(voices: Voices) -> VoiceTree:
    """The tree of local speakers who are alone for long enough, and of utterances."""
    local = _local_speakers(voices)
    utterances = voices.utterances
    length_s = (utterances.spans[:, 1] - utterances.spans[:, 0]) / 1000
    usable = (length_s >= UTTERANCE_S) & is_known(utterances.embeddings)
    return VoiceTree(
        np.vstack([local.embeddings, utterances.embeddings[usable]]),
        np.concatenate([local.alone_s, length_s[usable]]),
        tuple(_same_chunk(local.chunks)),
    )


@dataclass(frozen=True)
class _LocalSpeakers:
    """The local speakers that are clustered: chunk, embedding, and how long each is alone."""

    chunks: Array
    embeddings: Array
    alone_s: Array


def _local_speakers(voices: Voices) -> _LocalSpeakers:
    chunk_s = DIARIZATION_CHUNK_MS / 1000
    alone = speaks_alone(voices.segmentations)
    alone_s = alone.mean(axis=1) * chunk_s
    usable = (alone_s >= ALONE_S) & is_known(voices.embeddings)
    chunks, _ = np.nonzero(usable)
    return _LocalSpeakers(chunks, voices.embeddings[usable], alone_s[usable])


def _same_chunk(chunks: Array) -> Iterator[tuple[int, int]]:
    for chunk in np.unique(chunks).tolist():
        yield from combinations(np.flatnonzero(chunks == chunk).tolist(), 2)


def _heights(height: float) -> list[float]:
    """Heights at which the tree is cut when more voices are wanted, from `height` down."""
    lower: list[float] = np.linspace(height, height - LOWER, CUTS).tolist()
    return lower


def _number(labels: Array) -> int:
    return int(labels.max()) + 1

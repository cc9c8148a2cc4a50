"""Clusters the voices of a session: by the tree of the talk, or local speakers alone."""

from collections.abc import Callable, Sequence
from typing import Protocol
from weakref import ref

import numpy as np

from consumers.voices.assignment import INACTIVE, distinct
from consumers.voices.clustering import NOBODY, Clustered, ClusterTurn
from consumers.voices.diarization import Voices
from consumers.voices.embeddings import Array, cosine, is_known
from consumers.voices.frames import Frames
from consumers.voices.grid import Grid
from consumers.voices.reconstruction import SessionActivity
from consumers.voices.voice_splits import split_voice
from consumers.voices.voice_tree import VoiceTree, tree_of

MOST_ASKED = 1_500
"""Embeddings of a talk of about fifteen minutes."""


class LocalClusters(Protocol):
    """Clusters the local speakers of chunks, without utterances. Blocking."""

    pause_ms: float
    """Shorter pauses within a turn are filled."""

    def clusters(
        self, activity: Array, embeddings: Array, speakers: int | None
    ) -> tuple[Array, Array]:
        """Cluster of each local speaker, (chunks, local speakers), and centroids of clusters.

        `activity`: (chunks, frames, local speakers), 0 or 1. `embeddings`: (chunks, local speakers,
        dimension), NaN for a local speaker whose voice is not known; one who is active has one that
        is. `speakers`: how many clusters, when known. `INACTIVE` is the number of a local speaker
        for whom no cluster is left. A centroid is NaN where no embedding says how the voice sounds.
        """


class SessionClustering:
    """Implements `Clustering`. Thread-safe: it keeps the tree of the last call, and nothing else.

    Talks with utterances and at most `most_in_tree` embeddings are told apart by our tree, whose
    thresholds are those of the weights that we ship. In all other talks `local` does.
    """

    def __init__(
        self,
        grid: Grid,
        frames: Frames,
        local: LocalClusters,
        most_in_tree: int = 0,
        make_tree: Callable[[Voices], VoiceTree] = tree_of,
    ) -> None:
        self.grid = grid
        self._frames = frames
        self._local = local
        self._most_in_tree = most_in_tree
        self._make_tree = make_tree
        self._last: tuple[ref[Voices], VoiceTree | None] | None = None

    def cluster(
        self,
        voices: Voices,
        speakers: int | None = None,
        splits: Sequence[Sequence[float]] = (),
    ) -> Clustered:
        """As the port says."""
        session = SessionActivity(voices.segmentations, self.grid, self._frames)
        number_speaking = session.number_speaking()
        if not number_speaking.any():
            return NOBODY
        clusters, centroids = self._clusters(voices, speakers)
        is_active: Array = np.any(voices.segmentations, axis=1)
        for voice in splits:
            clusters, centroids = split_voice(
                voices.embeddings, is_active, clusters, centroids, voice
            )
        active = np.where(is_active, clusters, INACTIVE)
        if speakers is not None:  # segmentation may count more people than there are
            number_speaking = np.minimum(number_speaking, speakers)
        together = session.turns(active, number_speaking, self._local.pause_ms)
        alone = session.turns(active, np.minimum(number_speaking, 1), self._local.pause_ms)
        return _numbered(together, alone, centroids)

    def possible_speakers(self, voices: Voices) -> dict[int, float]:
        """How likely each number of speakers is; empty for long talks, whose voices are clear."""
        tree = self._tree(voices)
        return tree.possible() if tree and len(tree) <= MOST_ASKED else {}

    def _tree(self, voices: Voices) -> VoiceTree | None:
        """The tree of the voices; None where local speakers alone are clustered."""
        if not self._most_in_tree or not len(voices.utterances):
            return None
        last = self._last
        if last is not None and last[0]() is voices:
            return last[1]
        tree = self._make_tree(voices)
        found = tree if 0 < len(tree) <= self._most_in_tree else None
        self._last = ref(voices), found
        return found

    def _clusters(self, voices: Voices, speakers: int | None) -> tuple[Array, Array]:
        """As `LocalClusters` returns them, without NaN: such a centroid is all zero."""
        tree = self._tree(voices)
        if tree:
            centroids = tree.centroids(tree.voices_of(speakers) if speakers else tree.voices())
            return _nearest(voices.embeddings, centroids), centroids
        embeddings = voices.embeddings
        known = is_known(embeddings)
        if not (known & np.any(voices.segmentations, axis=1)).any():
            return np.zeros(known.shape, np.int64), np.zeros((1, embeddings.shape[-1]))
        embeddings = np.where(known[..., None], embeddings, np.nan)
        clusters, centroids = self._local.clusters(voices.segmentations, embeddings, speakers)
        return clusters, np.where(is_known(centroids)[:, None], centroids, 0)


def _nearest(embeddings: Array, centroids: Array) -> Array:
    """The nearest cluster of each local speaker; two of one chunk have different ones.

    Those for whom no cluster is left share the nearest one: nobody's speech is lost.
    """
    known = is_known(embeddings)
    numbers = np.where(known[..., None], embeddings, 0)
    flat = numbers.reshape(-1, embeddings.shape[-1])
    similarity = cosine(flat, centroids).reshape(*known.shape, len(centroids))
    clusters = distinct(similarity)
    nearest = np.argmax(similarity, axis=2)
    is_left_over = clusters == INACTIVE
    return np.where(is_left_over, nearest, clusters)


def _numbered(
    together: Sequence[ClusterTurn], alone: Sequence[ClusterTurn], centroids: Array
) -> Clustered:
    """The clusters that have a turn, numbered from 0 in their order."""
    having = sorted({turn.cluster for turn in together})
    number_of = {cluster: number for number, cluster in enumerate(having)}
    return Clustered(
        _renumbered(together, number_of), _renumbered(alone, number_of), _of(having, centroids)
    )


def _renumbered(turns: Sequence[ClusterTurn], number_of: dict[int, int]) -> tuple[ClusterTurn, ...]:
    return tuple(turn._replace(cluster=number_of[turn.cluster]) for turn in turns)


def _of(clusters: Sequence[int], centroids: Array) -> Array:
    """The centroid of each of `clusters`; zeros for one that the clustering did not make.

    Such a cluster is a speaker of whom only the number of those who speak knows.
    """
    lacking = max(0, len(clusters) - len(centroids))
    padded = np.pad(centroids, ((0, lacking), (0, 0)))
    found: Array = padded[list(clusters)]
    return found

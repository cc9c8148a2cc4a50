"""pyannote.audio behind the port `Diarizer`: all that we do to that library, and why.

After an upgrade of pyannote.audio (4.0 here) compare each of these with its source:

1. `cluster` takes the steps of `SpeakerDiarization.apply` after the models: `speaker_count`,
   `clustering`, `reconstruct`, `to_annotation`. It works on stored activity and embeddings, so that
   no model runs. A step that `apply` gains is missing here until it is added.
2. `reconstruction.py` replaces `reconstruct` and `to_annotation` by faster ones with equal results.
3. `two_levels.py` overrides `AgglomerativeClustering.cluster` for sessions of more than an hour,
   and `filter_embeddings` for sessions in which nobody speaks alone for long. When their arguments
   change, only such sessions break.
4. `voice_tree.py` stands for the pipeline's clustering in talks of up to an hour. It clusters the
   utterances too. Of pyannote's clustering only `constrained_argmax` is used then.
5. `voice_splits.py` runs after the clustering, on its clusters and centroids.
6. Private names: `_segmentation.model.receptive_field` (frame length), `_segmentation.step` (read
   once in a constructor, so a named pipeline keeps its own step without this), `_embedding` and
   its `model_`.

`pyannote_models.py` loads the pipeline and does the rest:

7. `NoPlda`: the constructor asks for a PLDA even when the clustering has none, and refuses None.
   Needless when it takes None.
8. A stand-in for `torchaudio._extension`: the registry's torchaudio links CUDA, and with a torch
   for CPUs that extension cannot load. Only torchaudio's Python parts are needed. When the
   extension is renamed, the import of torchaudio fails at start.
9. `training_left_out.py`: stand-ins for lightning and torchmetrics, with the names that pyannote
   imports. When it imports another name, it fails at start. A pipeline by name has the real ones.

`tests/laws/test_windows_equal_whole.py` compares points 1 and 2 with one pass of the untouched
pipeline over whole files, and windows apart with one window over the whole file.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from consumers.audio.decoder import Samples
from consumers.voices.diarization import NOBODY, Clustered, ClusterTurn, Voices
from consumers.voices.embeddings import Array, cosine, is_known
from consumers.voices.grid import Grid
from consumers.voices.piece_embedding import EmbedPieces, waveform
from consumers.voices.voice_splits import split_voice
from consumers.voices.voice_tree import VoiceTree, tree_of
from schemas.audio import SAMPLE_RATE

MOST_ASKED = 1_500
"""Embeddings of a talk of about fifteen minutes."""

if TYPE_CHECKING:
    from pyannote.audio.pipelines import SpeakerDiarization
    from pyannote.core import Annotation, SlidingWindowFeature


class PyannoteDiarizer:
    """A loaded pipeline. Blocking; thread-safe: its models keep nothing from one call to the next.

    `tests/laws/test_side_by_side.py` compares windows on two threads with one after the other.

    `by_tree`: our tree tells voices apart where a talk has utterances and is no longer than an hour
    or so. The tree's thresholds are those of the weights that we ship. In all other talks, and
    without `by_tree`, the pipeline's own clustering does.
    """

    def __init__(
        self,
        pipeline: "SpeakerDiarization",
        grid: Grid,
        embed_pieces: EmbedPieces,
        by_tree: bool = False,
    ) -> None:
        self.pipeline = pipeline
        self.grid = grid
        self._embed_pieces = embed_pieces
        self._by_tree = by_tree

    def segment(self, samples: Samples) -> Array:
        """Activity of local speakers, shape (chunks, frames, local speakers), 0 or 1."""
        found: Array = self.pipeline.get_segmentations(_file(samples)).data
        return found

    def embed(self, samples: Samples, activity: Array) -> Array:
        """Embeddings of the local speakers, shape (chunks, local speakers, dimension)."""
        found: Array = self.pipeline.get_embeddings(
            _file(samples),
            self._on_grid(activity),
            exclude_overlap=self.pipeline.embedding_exclude_overlap,
        )
        return found

    def embed_pieces(self, pieces: Sequence[Samples]) -> Array:
        """Embeddings of pieces of speech, each of one person, shape (pieces, dimension)."""
        return self._embed_pieces(pieces)

    def cluster(
        self,
        voices: Voices,
        speakers: int | None = None,
        splits: Sequence[Sequence[float]] = (),
    ) -> Clustered:
        """Counting, clustering and reconstruction, as `apply` does them. No model runs."""
        if not voices.segmentations.any():
            return NOBODY
        activity = self._on_grid(voices.segmentations)
        frames = self.pipeline._segmentation.model.receptive_field  # noqa: SLF001 - see above, 6
        count = self.pipeline.speaker_count(activity, frames, warm_up=(0.0, 0.0))
        if not count.data.any():
            return NOBODY
        clusters, centroids = self._clusters(activity, voices, speakers)
        is_active: Array = np.any(voices.segmentations, axis=1)
        for voice in splits:
            clusters, centroids = split_voice(
                voices.embeddings, is_active, clusters, centroids, voice
            )
        return self._reconstructed(activity, clusters, centroids, _capped(count, speakers))

    def possible_speakers(self, voices: Voices) -> dict[int, float]:
        """How likely each number of speakers is; empty for long talks, whose voices are clear."""
        tree = self._tree(voices)
        return tree.possible() if tree and len(tree) <= MOST_ASKED else {}

    def diarize_whole(self, samples: Samples) -> Clustered:
        """One pass of the untouched pipeline over a whole recording: a second opinion.

        Tests and benchmarks compare the product with it.
        """
        output: Any = self.pipeline(_file(samples))
        labels = output.speaker_diarization.labels()
        return Clustered(
            _cluster_turns(output.speaker_diarization, labels),
            _cluster_turns(output.exclusive_speaker_diarization, labels),
            output.speaker_embeddings,
        )

    def _tree(self, voices: Voices) -> VoiceTree | None:
        """The tree of the voices; None where the pipeline's own clustering tells them apart."""
        from consumers.voices.two_levels import TwoLevels

        if not self._by_tree or not len(voices.utterances):
            return None
        tree = tree_of(voices)
        return tree if 0 < len(tree) <= TwoLevels.most else None

    def _clusters(
        self, activity: "SlidingWindowFeature", voices: Voices, speakers: int | None
    ) -> tuple[Array, Array]:
        """Cluster of each local speaker, (chunks, local speakers), and centroids of clusters.

        A centroid is all zero where no embedding says how the voice sounds. No number is NaN.
        """
        tree = self._tree(voices)
        if tree:
            centroids = tree.centroids(tree.voices_of(speakers) if speakers else tree.voices())
            return self._nearest(voices.embeddings, centroids), centroids
        embeddings = voices.embeddings
        known = is_known(embeddings)
        if not (known & np.any(activity.data, axis=1)).any():
            return np.zeros(known.shape, np.int8), np.zeros((1, embeddings.shape[-1]))
        embeddings = np.where(known[..., None], embeddings, np.nan)
        wanted, least, most = self.pipeline.set_num_speakers(num_speakers=speakers)
        clusters, _, centroids = self.pipeline.clustering(
            embeddings=embeddings,
            segmentations=activity,
            num_clusters=wanted,
            min_clusters=least,
            max_clusters=most,
        )
        return clusters, np.where(is_known(centroids)[:, None], centroids, 0)

    def _nearest(self, embeddings: Array, centroids: Array) -> Array:
        """The nearest cluster of each local speaker; two of one chunk have different ones.

        Those for whom no cluster is left share the nearest one: nobody's speech is lost.
        """
        known = is_known(embeddings)
        numbers = np.where(known[..., None], embeddings, 0)
        flat = numbers.reshape(-1, embeddings.shape[-1])
        similarity = cosine(flat, centroids).reshape(*known.shape, len(centroids))
        distinct: Array = self.pipeline.clustering.constrained_argmax(similarity)
        nearest = np.argmax(similarity, axis=2)
        is_left_over = distinct < 0
        return np.where(is_left_over, nearest, distinct)

    def _reconstructed(
        self,
        activity: "SlidingWindowFeature",
        clusters: Array,
        centroids: Array,
        count: "SlidingWindowFeature",
    ) -> Clustered:
        from consumers.voices.reconstruction import INACTIVE, turns_of

        is_active = np.any(activity.data, axis=1)
        active = np.where(is_active, clusters, INACTIVE)
        pause_s = self.pipeline.segmentation.min_duration_off
        turns = turns_of(activity, active, count, pause_s)
        exclusive = turns_of(activity, active, _capped(count, 1), pause_s)
        labels = turns.labels()
        return Clustered(
            _cluster_turns(turns, labels),
            _cluster_turns(exclusive, labels),
            _of_labels(centroids, labels),
        )

    def _on_grid(self, activity: Array) -> "SlidingWindowFeature":
        from pyannote.core import SlidingWindow, SlidingWindowFeature

        duration_s = self.grid.chunk_ms / 1000
        step_s = self.grid.step_ms / 1000
        return SlidingWindowFeature(activity, SlidingWindow(duration_s, step_s, start=0.0))


def _file(samples: Samples) -> dict[str, object]:
    """The audio as pyannote takes it instead of a path."""
    return {"waveform": waveform(samples), "sample_rate": SAMPLE_RATE, "uri": "window"}


def _capped(count: "SlidingWindowFeature", most: int | None) -> "SlidingWindowFeature":
    """How many speak in each frame, at most `most`. Segmentation may count too many."""
    from pyannote.core import SlidingWindowFeature

    data = count.data if most is None else np.minimum(count.data, most)
    return SlidingWindowFeature(data.astype(np.int8), count.sliding_window)


def _of_labels(centroids: Array, labels: Sequence[int]) -> Array:
    """The centroid of each label; zeros for a label that the clustering did not make.

    Such a label is a speaker whom only the count of speakers knows.
    """
    lacking = max(0, len(labels) - len(centroids))
    padded = np.pad(centroids, ((0, lacking), (0, 0)))
    of_labels: Array = padded[list(labels)]
    return of_labels


def _cluster_turns(annotation: "Annotation", labels: Sequence[object]) -> tuple[ClusterTurn, ...]:
    """Turns in milliseconds; the cluster of a label is its place in `labels`."""
    tracks = annotation.itertracks(yield_label=True)
    return tuple(
        ClusterTurn(round(s.start * 1000), round(s.end * 1000), labels.index(label))
        for s, _, label in tracks
    )

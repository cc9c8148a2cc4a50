"""pyannote.audio behind the port `Diarizer`: all that we do to that library, and why.

After an upgrade of pyannote.audio (4.0 here) compare each of these with its source:

1. `segment` and `embed` are the first steps of `SpeakerDiarization.apply`. Our
   `session_clustering.py`, `agglomerative.py` and `reconstruction.py` take the others, on stored
   activity and embeddings and without this library. A step that `apply` gains is missing here
   until it is added. For a pipeline by name `pipeline_clusters.py` asks for its own clustering.
2. Private names: `_segmentation.model.receptive_field` (frame length), `_segmentation.step` (read
   once in a constructor, so a named pipeline keeps its own step without this), `_embedding` and
   its `model_`.

`pyannote_models.py` loads the pipeline and does the rest:

3. `NoPlda`: the constructor asks for a PLDA even when the clustering has none, and refuses None.
   Needless when it takes None.
4. A stand-in for `torchaudio._extension`: the registry's torchaudio links CUDA, and with a torch
   for CPUs that extension cannot load. Only torchaudio's Python parts are needed. When the
   extension is renamed, the import of torchaudio fails at start.
5. `training_left_out.py`: stand-ins for libraries that train, measure and draw, while pyannote is
   imported. When inference needs one of them, it fails. A pipeline by name has the real ones.

`tests/laws/test_windows_equal_whole.py` compares point 1 with one pass of the untouched pipeline
over whole files, and windows apart with one window over the whole file.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from consumers.audio.decoder import Samples
from consumers.voices.embeddings import Array
from consumers.voices.grid import Grid
from consumers.voices.piece_embedding import EmbedPieces, waveform
from schemas.audio import SAMPLE_RATE

if TYPE_CHECKING:
    from pyannote.audio.pipelines import SpeakerDiarization
    from pyannote.core import SlidingWindowFeature


class PyannoteDiarizer:
    """A loaded pipeline. Blocking; thread-safe: its models keep nothing from one call to the next.

    `tests/laws/test_side_by_side.py` compares windows on two threads with one after the other.
    """

    def __init__(
        self, pipeline: "SpeakerDiarization", grid: Grid, embed_pieces: EmbedPieces
    ) -> None:
        self.pipeline = pipeline
        self.grid = grid
        self._embed_pieces = embed_pieces

    def segment(self, samples: Samples) -> Array:
        """Activity of local speakers, shape (chunks, frames, local speakers), 0 or 1."""
        found: Array = self.pipeline.get_segmentations(file(samples)).data
        return found

    def embed(self, samples: Samples, activity: Array) -> Array:
        """Embeddings of the local speakers, shape (chunks, local speakers, dimension)."""
        found: Array = self.pipeline.get_embeddings(
            file(samples),
            on_grid(activity, self.grid),
            exclude_overlap=self.pipeline.embedding_exclude_overlap,
        )
        return found

    def embed_pieces(self, pieces: Sequence[Samples]) -> Array:
        """Embeddings of pieces of speech, each of one person, shape (pieces, dimension)."""
        return self._embed_pieces(pieces)


def on_grid(activity: Array, grid: Grid) -> "SlidingWindowFeature":
    """Activity as pyannote takes it, shape (chunks, frames, local speakers)."""
    from pyannote.core import SlidingWindow, SlidingWindowFeature

    duration_s = grid.chunk_ms / 1000
    step_s = grid.step_ms / 1000
    return SlidingWindowFeature(activity, SlidingWindow(duration_s, step_s, start=0.0))


def file(samples: Samples) -> dict[str, object]:
    """The audio as pyannote takes it instead of a path."""
    return {"waveform": waveform(samples), "sample_rate": SAMPLE_RATE, "uri": "window"}

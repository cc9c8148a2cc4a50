"""Local speakers clustered as a pipeline does that is loaded by name."""

from typing import TYPE_CHECKING

from consumers.voices.embeddings import Array
from consumers.voices.frames import Frames
from consumers.voices.grid import Grid
from consumers.voices.pyannote_diarizer import on_grid

if TYPE_CHECKING:
    from pyannote.audio.pipelines import SpeakerDiarization


class PipelineClusters:
    """Implements `LocalClusters`."""

    def __init__(self, pipeline: "SpeakerDiarization", grid: Grid) -> None:
        self._pipeline = pipeline
        self._grid = grid
        self.pause_ms = 1000 * float(pipeline.segmentation.min_duration_off)

    def clusters(
        self, activity: Array, embeddings: Array, speakers: int | None
    ) -> tuple[Array, Array]:
        """As the port says. Seconds for an hour."""
        wanted, least, most = self._pipeline.set_num_speakers(num_speakers=speakers)
        clusters, _, centroids = self._pipeline.clustering(
            embeddings=embeddings,
            segmentations=on_grid(activity, self._grid),
            num_clusters=wanted,
            min_clusters=least,
            max_clusters=most,
        )
        return clusters, centroids


def frames_of(pipeline: "SpeakerDiarization") -> Frames:
    """The frames of the pipeline's segmentation model."""
    heard = pipeline._segmentation.model.receptive_field  # noqa: SLF001 - pyannote_diarizer.py, 2
    return Frames(step_ms=1000 * heard.step, length_ms=1000 * heard.duration)

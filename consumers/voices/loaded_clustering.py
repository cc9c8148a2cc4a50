"""The clustering of the profile: our own for the weights that we ship, else the pipeline's."""

from adapters.model_manifest import Manifest
from adapters.settings import Settings
from consumers.voices import pyannote_models
from consumers.voices.agglomerative import MOST_EXACT, Agglomerative
from consumers.voices.frames import SEGMENTATION_3
from consumers.voices.grid import Grid, grid_of
from consumers.voices.pipeline_clusters import PipelineClusters, frames_of
from consumers.voices.session_clustering import SessionClustering


def load(settings: Settings, manifest: Manifest) -> SessionClustering:
    """At once for the weights that we ship: no model is loaded. Seconds for a pipeline by name.

    Raises RuntimeError when a pipeline by name is not on this machine.
    """
    grid = grid_of(settings.diarization_step_s)
    model = manifest.diarization(settings.models_profile)
    if model.kind == "weights":
        return of_shipped_weights(grid)
    pipeline = pyannote_models.by_name(settings, model)
    return SessionClustering(grid, frames_of(pipeline), PipelineClusters(pipeline, grid))


def of_shipped_weights(grid: Grid, most: int = MOST_EXACT) -> SessionClustering:
    """`most`: embeddings that are clustered at once, by the tree or without it."""
    return SessionClustering(grid, SEGMENTATION_3, Agglomerative(most), most_in_tree=most)

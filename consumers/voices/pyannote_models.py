"""Loads pyannote's pipeline: from checked weights, or by name.

`pyannote_diarizer.py` lists all that we do to pyannote.
"""

import os
import sys
import types
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from adapters.model_manifest import Manifest, Model, check_weights
from adapters.process.allocator import keep_freed_memory
from adapters.process.reports import report_nothing
from adapters.settings import Settings
from consumers.runtime.devices import on_cuda, usable_cores
from consumers.voices.grid import Grid
from consumers.voices.piece_embedding import EmbedPieces, one_by_one, together
from consumers.voices.pyannote_diarizer import PyannoteDiarizer
from schemas.audio import DIARIZATION_CHUNK_MS

if TYPE_CHECKING:
    from pyannote.audio import Model as TorchModel
    from pyannote.audio.core.plda import PLDA
    from pyannote.audio.pipelines import SpeakerDiarization

CHUNK_S = DIARIZATION_CHUNK_MS / 1000
"""Length of a diarization chunk of segmentation-3.0 and community-1, seconds."""
CLUSTERING = {"method": "centroid", "min_cluster_size": 12, "threshold": 0.70}
"""Parameters of the agglomerative clustering for the weights that we ship (docs/models.md)."""


class Batches(NamedTuple):
    """How many share a pass of a model.

    `chunks`: diarization chunks, each as often as it has local speakers. `pieces`: of utterances.
    """

    chunks: int
    pieces: int


ON_CORES = Batches(chunks=12, pieces=4)
"""Chunks: a multiple of the three local speakers, for each of which pyannote repeats a chunk.

A batch that ends within a chunk embeds it twice (16 chunks on one core: 3.6 s in batches of 8,
2.75 s in batches of 12). More pieces are more padding: a core works on it.
"""
ON_CUDA = Batches(chunks=60, pieces=60)
"""A window is one pass of each: the device waits for the calls of layers, not for their work."""
CUDA_PASSES = 4
"""Windows at a time on a CUDA device: one finds its utterances while others are embedded."""


def load(
    settings: Settings, manifest: Manifest, passes_of: Batches | None = None
) -> PyannoteDiarizer:
    """The models of the profile, on the device that the settings name. Blocking, seconds.

    `passes_of`: how many share a pass. None: as many as are best on that device. Imports torch.
    Raises RuntimeError when weights are missing or damaged, or when CUDA is asked for and absent.
    """
    keep_freed_memory()
    model = manifest.diarization(settings.models_profile)
    is_ours = model.kind == "weights"
    _prepare_imports(settings, is_ours)
    import torch

    torch.set_num_threads(1)
    shared = passes_of or batches(settings)
    step_share = settings.diarization_step_s / CHUNK_S
    if is_ours:
        pipeline = _from_weights(settings.models_dir, model, step_share, shared.chunks)
    else:
        pipeline = _from_name(model, step_share)
    pipeline.to(torch.device("cuda" if on_gpu(settings) else "cpu"))
    return PyannoteDiarizer(
        pipeline,
        Grid(DIARIZATION_CHUNK_MS, round(settings.diarization_step_s * 1000)),
        _embed_pieces(pipeline, is_ours, shared.pieces),
        by_tree=is_ours,
    )


def _embed_pieces(pipeline: "SpeakerDiarization", is_ours: bool, most: int) -> EmbedPieces:
    if is_ours:
        return together(pipeline._embedding.model_, most)  # noqa: SLF001 - point 6 there
    return one_by_one(pipeline)


def batches(settings: Settings) -> Batches:
    """Return how many share a pass on the device that the settings name."""
    return ON_CUDA if on_gpu(settings) else ON_CORES


def passes(settings: Settings) -> int:
    """Return how many windows are diarized at the same time, from a thread each."""
    if settings.diarize_passes:
        return settings.diarize_passes
    return CUDA_PASSES if on_gpu(settings) else usable_cores()


def on_gpu(settings: Settings) -> bool:
    """Whether voices are on a CUDA device. Raises RuntimeError as `on_cuda` does."""
    import torch

    return on_cuda(settings.device, "torch", torch.cuda.device_count)


def _prepare_imports(settings: Settings, is_ours: bool) -> None:
    """Points 8 and 9 of `pyannote_diarizer.py`, and no reports.

    Must run before pyannote is imported.
    """
    report_nothing()
    if not settings.allow_downloads:
        os.environ["HF_HUB_OFFLINE"] = "1"
    warnings.filterwarnings("ignore", message="(?s).*torchcodec.*")
    warnings.filterwarnings("ignore", message="(?s).*std\\(\\): degrees of freedom.*")
    import torch

    if torch.version.cuda is None and "torchaudio" not in sys.modules:
        _stand_in_for_torchaudio_extension()
    if is_ours:
        from consumers.voices.training_left_out import leave_training_out

        leave_training_out()


def _stand_in_for_torchaudio_extension() -> None:
    """Presents torchaudio's compiled extension as "not built"."""
    spec = find_spec("torchaudio")
    assert spec
    assert spec.origin
    extension = types.ModuleType("torchaudio._extension")
    extension.__dict__.update(
        _IS_TORCHAUDIO_EXT_AVAILABLE=False,
        _IS_ALIGN_AVAILABLE=False,
        _check_cuda_version=lambda: None,
        fail_if_no_align=lambda function: function,
        __path__=[str(Path(spec.origin).parent / "_extension")],
    )
    sys.modules["torchaudio._extension"] = extension


def _from_weights(
    models_dir: Path, model: Model, step_share: float, batch: int
) -> "SpeakerDiarization":
    from pyannote.audio.pipelines import SpeakerDiarization

    from consumers.voices.two_levels import TwoLevels

    folder = models_dir / model.folder
    check_weights(models_dir, model)
    pipeline = SpeakerDiarization(
        segmentation=_segmentation(folder / "segmentation.bin"),
        segmentation_step=step_share,
        embedding=_embedding(folder / "embedding.pt"),
        embedding_exclude_overlap=True,
        plda=_no_plda(),
        clustering="AgglomerativeClustering",
        segmentation_batch_size=batch,
        embedding_batch_size=batch,
    )
    # Constrained: two who speak in the same chunk are two people, however alike their voices.
    pipeline.clustering = TwoLevels(metric=pipeline.clustering.metric, constrained_assignment=True)
    pipeline.instantiate({"segmentation": {"min_duration_off": 0.0}, "clustering": CLUSTERING})
    return pipeline


def _no_plda() -> "PLDA":
    """Point 7 of `pyannote_diarizer.py`."""
    from pyannote.audio.core.plda import PLDA

    class NoPlda(PLDA):
        """A PLDA without parameters, for a clustering that has none."""

        def __init__(self) -> None:
            """Loads nothing."""

    return NoPlda()


def _segmentation(path: Path) -> "TorchModel":
    import torch
    from pyannote.audio.core.task import Problem, Resolution, Specifications
    from pyannote.audio.models.segmentation import PyanNet
    from torch.torch_version import TorchVersion

    # weights_only with four named classes: a checkpoint can hold values, never code.
    with torch.serialization.safe_globals([Specifications, Problem, Resolution, TorchVersion]):
        checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    model = PyanNet(**checkpoint["hyper_parameters"])
    model.specifications = checkpoint["pyannote.audio"]["specifications"]
    model.build()  # type: ignore[no-untyped-call]
    model.load_state_dict(checkpoint["state_dict"])
    return model.eval()


def _embedding(path: Path) -> "TorchModel":
    import torch

    from consumers.voices.campplus import CamPlus

    model = CamPlus()
    model.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return model.eval()


def _from_name(model: Model, step_share: float) -> "SpeakerDiarization":
    from pyannote.audio import Pipeline

    pipeline = Pipeline.from_pretrained(model.name)
    if pipeline is None:
        raise RuntimeError(
            f"{model.name} is not on this machine: fetch it first, or set"
            " LAHSTATS_ALLOW_DOWNLOADS=1"
        )
    pipeline.segmentation_step = step_share
    pipeline._segmentation.step = step_share * CHUNK_S  # noqa: SLF001 - point 6 there
    return pipeline

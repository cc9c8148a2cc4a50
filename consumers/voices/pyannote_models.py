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
from consumers.voices.grid import grid_of
from consumers.voices.piece_embedding import EmbedPieces, one_by_one, together
from consumers.voices.pyannote_diarizer import PyannoteDiarizer
from schemas.audio import DIARIZATION_CHUNK_MS

if TYPE_CHECKING:
    from pyannote.audio import Model as TorchModel
    from pyannote.audio.core.plda import PLDA
    from pyannote.audio.pipelines import SpeakerDiarization

CHUNK_S = DIARIZATION_CHUNK_MS / 1000
"""Length of a diarization chunk of segmentation-3.0 and community-1, seconds."""


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
    prepare_imports(settings, is_ours)
    import torch

    torch.set_num_threads(1)
    shared = passes_of or batches(settings)
    if is_ours:
        pipeline = _from_weights(settings, model, shared.chunks)
    else:
        pipeline = by_name(settings, model)
    pipeline.to(torch.device("cuda" if on_gpu(settings) else "cpu"))
    pieces = _embed_pieces(pipeline, is_ours, shared.pieces)
    return PyannoteDiarizer(pipeline, grid_of(settings.diarization_step_s), pieces)


def _embed_pieces(pipeline: "SpeakerDiarization", is_ours: bool, most: int) -> EmbedPieces:
    if is_ours:
        return together(pipeline._embedding.model_, most)  # noqa: SLF001 - point 2 there
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


def prepare_imports(settings: Settings, is_ours: bool) -> None:
    """Points 4 and 5 of `pyannote_diarizer.py`, and no reports. Repeatable.

    Must run before pyannote is imported. It imports what is ours.
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
        from consumers.voices.training_left_out import import_pyannote

        import_pyannote()


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


def _from_weights(settings: Settings, model: Model, batch: int) -> "SpeakerDiarization":
    from pyannote.audio.pipelines import SpeakerDiarization

    check_weights(settings.models_dir, model)
    folder = settings.models_dir / model.folder
    return SpeakerDiarization(
        segmentation=_segmentation(folder / "segmentation.bin"),
        segmentation_step=settings.diarization_step_s / CHUNK_S,
        embedding=_embedding(folder / "embedding.pt"),
        embedding_exclude_overlap=True,
        plda=_no_plda(),
        clustering="AgglomerativeClustering",
        segmentation_batch_size=batch,
        embedding_batch_size=batch,
    )


def _no_plda() -> "PLDA":
    """Point 3 of `pyannote_diarizer.py`."""
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


def by_name(settings: Settings, model: Model) -> "SpeakerDiarization":
    """The pipeline of that name, on the processor. Blocking, seconds. Imports torch.

    Raises RuntimeError when it is not on this machine and may not be fetched.
    """
    prepare_imports(settings, is_ours=False)
    from pyannote.audio import Pipeline

    pipeline = Pipeline.from_pretrained(model.name)
    if pipeline is None:
        raise RuntimeError(
            f"{model.name} is not on this machine: fetch it first, or set"
            " LAHSTATS_ALLOW_DOWNLOADS=1"
        )
    pipeline.segmentation_step = settings.diarization_step_s / CHUNK_S
    pipeline._segmentation.step = settings.diarization_step_s  # noqa: SLF001 - point 2 there
    return pipeline

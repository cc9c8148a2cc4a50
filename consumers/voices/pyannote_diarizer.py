"""pyannote's SpeakerDiarization, from checked weights or by name, with its two costly steps split off."""

import os
import sys
import types
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from adapters.model_manifest import Manifest, Model, verified
from adapters.settings import Settings

CHUNK_S = 10.0
"""Length of a diarization chunk of segmentation-3.0 and community-1, seconds."""
CLUSTER_THRESHOLD, MIN_CLUSTER_SIZE, BATCH = 0.70, 12, 12
"""BATCH: a multiple of the three local speakers, for each of which pyannote repeats a chunk: a batch that ends within a chunk
hears it twice (16 chunks on one core: 3.6 s in batches of 8, 2.75 s in batches of 12)."""


def load(settings: Settings, manifest: Manifest) -> Any:
    """The pipeline of the profile, on the device that the settings name. Blocking, seconds; imports torch here.

    Raises RuntimeError when weights are not there or not what the manifest says.
    """
    _quiet(settings)
    import torch

    torch.set_num_threads(1)
    model = manifest.diarization(settings.models_profile)
    device = "cuda" if settings.device != "cpu" and torch.cuda.is_available() else "cpu"
    if settings.device == "cuda" and device == "cpu":
        raise RuntimeError("LAHSTATS_DEVICE=cuda, but torch sees no CUDA device")
    step = settings.diarization_step_s / CHUNK_S
    pipeline = (
        _offline(settings.models_dir, model, step)
        if model.kind == "weights"
        else _named(model, step)
    )
    pipeline.to(torch.device(device))
    return pipeline


def _quiet(settings: Settings) -> None:
    os.environ["PYANNOTE_METRICS_ENABLED"] = "0"  # pyannote 4 sends telemetry by default
    if not settings.allow_downloads:
        os.environ["HF_HUB_OFFLINE"] = "1"
    warnings.filterwarnings("ignore", message="(?s).*torchcodec.*")
    warnings.filterwarnings("ignore", message="(?s).*std\\(\\): degrees of freedom.*")
    import torch

    if torch.version.cuda is None and "torchaudio" not in sys.modules:
        _without_cuda_extension()


def _without_cuda_extension() -> None:
    # The registry's torchaudio links CUDA; with a CPU-only torch its extension cannot load, and pyannote needs
    # only torchaudio's Python parts: present the extension as "not built".
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


def _offline(models_dir: Path, model: Model, step: float) -> Any:
    from pyannote.audio.core.plda import PLDA

    from consumers.voices.recalled import RecalledDiarization
    from consumers.voices.two_levels import TwoLevels

    class NoPlda(PLDA):
        """pyannote 4.0 asks for a PLDA even when the clustering has none, and refuses None."""

        def __init__(self) -> None:
            """Nothing to load."""

    folder = models_dir / model.folder
    for file in model.files:
        if not verified(folder / file.name, file.sha256):
            raise RuntimeError(
                f"{file.name} of {model.folder} is missing or damaged: run `make install`"
            )
    pipeline = RecalledDiarization(
        segmentation=_segmentation(folder / "segmentation.bin"),
        segmentation_step=step,
        embedding=_embedding(folder / "embedding.pt"),
        embedding_exclude_overlap=True,
        plda=NoPlda(),
        clustering="AgglomerativeClustering",
        segmentation_batch_size=BATCH,
        embedding_batch_size=BATCH,
    )
    # Constrained: two who speak in the same chunk are two people, however alike their voices.
    pipeline.clustering = TwoLevels(metric=pipeline.clustering.metric, constrained_assignment=True)
    clustering = {
        "method": "centroid",
        "min_cluster_size": MIN_CLUSTER_SIZE,
        "threshold": CLUSTER_THRESHOLD,
    }
    pipeline.instantiate({"segmentation": {"min_duration_off": 0.0}, "clustering": clustering})
    return pipeline


def _segmentation(path: Path) -> Any:
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


def _embedding(path: Path) -> Any:
    import torch

    from consumers.voices.campplus import CamPlus

    model = CamPlus()
    model.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return model.eval()


def _named(model: Model, step: float) -> Any:
    from pyannote.audio import Pipeline

    from consumers.voices.recalled import RecalledDiarization
    from consumers.voices.voice_splits import Splits

    pipeline = Pipeline.from_pretrained(model.name)
    if pipeline is None:
        raise RuntimeError(
            f"{model.name} is not on this machine: fetch it first, or set LAHSTATS_ALLOW_DOWNLOADS=1"
        )
    pipeline.__class__ = RecalledDiarization
    pipeline.segmentation_step = step
    pipeline.clustering.__class__ = type(
        "SplittingClustering", (Splits, pipeline.clustering.__class__), {}
    )
    pipeline._segmentation.step = step * CHUNK_S  # noqa: SLF001 - pyannote reads its step once, in its constructor
    return pipeline

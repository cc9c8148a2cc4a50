"""The second opinion on turns: one pass of pyannote's own pipeline over a whole file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from adapters import model_manifest
from adapters.settings import Settings
from consumers.voices import pyannote_diarizer
from deploy.benchmark.stages import read
from schemas.audio import SAMPLE_RATE


def load(settings: Settings) -> Any:
    """The pipeline with the settings of the stack. Takes seconds: load once."""
    return pyannote_diarizer.load(settings, model_manifest.load(settings.models_manifest))


def turns(loaded: Any, path: Path) -> list[tuple[int, int]]:
    """Start and end of every turn, milliseconds, in order."""
    import torch

    samples = read(path)
    with _unchanged(loaded):
        output = loaded(
            {
                "waveform": torch.from_numpy(samples)[None],
                "sample_rate": SAMPLE_RATE,
                "uri": path.stem,
            }
        )
    return sorted(
        (round(s.start * 1000), round(s.end * 1000))
        for s, _ in output.speaker_diarization.itertracks()
    )


@contextmanager
def _unchanged(loaded: Any) -> Iterator[None]:
    # pyannote's own class, without our way of putting chunks together.
    from pyannote.audio.pipelines import SpeakerDiarization

    ours = loaded.__class__
    loaded.__class__ = SpeakerDiarization
    try:
        yield
    finally:
        loaded.__class__ = ours

"""The second opinion on turns: one pass of pyannote's own pipeline over a whole file."""

from pathlib import Path

from adapters import model_manifest
from adapters.settings import Settings
from consumers.voices import pyannote_models
from consumers.voices.pyannote_diarizer import PyannoteDiarizer
from deploy.benchmark.in_process import read


def load(settings: Settings) -> PyannoteDiarizer:
    """The models with the settings of the stack. Takes seconds: load once."""
    return pyannote_models.load(settings, model_manifest.load(settings.models_manifest))


def turns(diarizer: PyannoteDiarizer, path: Path) -> list[tuple[int, int]]:
    """Start and end of every turn, milliseconds, in order. pyannote's own code from end to end."""
    found = diarizer.diarize_whole(read(path))
    return sorted((turn.start_ms, turn.end_ms) for turn in found.turns)

"""Models and what they made of the recordings, once for all laws.

Loading and diarizing cost more than the laws do.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import soundfile as sf

from adapters.objects.lexicons import shipped_lexicon
from adapters.settings import Settings
from consumers.transcribe.main import compose_transcriber
from consumers.transcribe.transcriber import Transcriber
from consumers.transcribe.whisper import Whisper
from consumers.voices.diarization import Voices
from consumers.voices.loaded_clustering import of_shipped_weights
from consumers.voices.pyannote_diarizer import PyannoteDiarizer
from deploy.benchmark.in_process import loaded_diarizer, loaded_whisper, voices
from tests.fakes import GRID
from tests.laws.remembered import remember

ANEW = "traps_2spk"
"""The shortest recording."""
CLUSTERING = of_shipped_weights(GRID)
ModelsOf = Callable[[str], PyannoteDiarizer]
VoicesOf = Callable[[str, int], list[Voices]]


@pytest.fixture(scope="session")
def diarizer() -> PyannoteDiarizer:
    """Return the models of voices with the settings of the stack."""
    return loaded_diarizer(Settings())


@pytest.fixture(scope="session")
def remembering() -> PyannoteDiarizer:
    """Return the same models, which run once on a chunk that several cuts have."""
    return remember(loaded_diarizer(Settings()))


@pytest.fixture(scope="session")
def models_of(diarizer: PyannoteDiarizer, remembering: PyannoteDiarizer) -> ModelsOf:
    """Return the models for a recording, by its name. They run anew on each cut of `ANEW`."""
    return lambda name: diarizer if name == ANEW else remembering


@pytest.fixture(scope="session")
def voices_of(models_of: ModelsOf) -> VoicesOf:
    """Return what `diarize` makes of a recording's windows.

    By recording and window length in ms.
    """

    @cache
    def diarized(name: str, window_ms: int) -> list[Voices]:
        samples, _ = sf.read(Path(f"tests/recordings/{name}.flac"), dtype="float32")
        return voices(models_of(name), samples, window_ms)

    return diarized


@pytest.fixture(scope="session")
def whisper() -> Whisper:
    """Return the recogniser of the stack."""
    settings = Settings()
    return loaded_whisper(settings)


@pytest.fixture(scope="session")
def transcriber(whisper: Whisper) -> Transcriber:
    """Return the transcriber over the recogniser, as `transcribe` has it."""
    return compose_transcriber(whisper, shipped_lexicon())

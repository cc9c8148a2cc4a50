"""Windows that share a model batch are heard as if each were alone. Real model."""

from pathlib import Path
from typing import Any

import numpy as np
import soundfile as sf

from adapters import lexicon_file, model_manifest
from adapters.settings import Settings
from consumers.audio.decoding_child import RATE
from consumers.transcribe.reading import Heard
from consumers.transcribe.whisper import Whisper

CUTS_S = [(0, 20), (3, 9), (20, 48), (60, 61)]


def said(heard: Heard) -> list[tuple[Any, ...]]:
    return [(word.word, word.start, word.end, round(word.probability, 3)) for segment in heard.segments for word in segment.words or ()]


def test_the_words_of_a_batch_are_those_of_one_by_one() -> None:
    settings = Settings()
    whisper = Whisper(settings, model_manifest.load(settings.models_manifest), lexicon_file.current())
    samples, _ = sf.read(Path("tests/recordings/reunion_4spk.flac"), dtype="float32")
    parts = [np.asarray(samples[a * RATE : b * RATE]) for a, b in CUTS_S]
    alone = [whisper.listen([part])[0] for part in parts]
    together = whisper.listen(parts)
    assert [said(heard) for heard in together] == [said(heard) for heard in alone]
    assert sum(len(said(heard)) for heard in alone) > 60

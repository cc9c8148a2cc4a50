"""A chunk that the models remember has the voices that they make of it anew."""

from pathlib import Path

import numpy as np
import soundfile as sf

from consumers.voices.pyannote_diarizer import PyannoteDiarizer
from deploy.benchmark.in_process import voices
from deploy.benchmark.voice_passes import ALIKE
from tests.laws.conftest import ANEW, VoicesOf


def test_nothing_of_it_is_another(remembering: PyannoteDiarizer, voices_of: VoicesOf) -> None:
    samples, _ = sf.read(Path(f"tests/recordings/{ANEW}.flac"), dtype="float32")
    for window_ms in (20_000, 7_000):
        remembered = voices(remembering, samples, window_ms)
        for found, anew in zip(remembered, voices_of(ANEW, window_ms), strict=True):
            assert np.array_equal(found.segmentations, anew.segmentations)
            assert np.allclose(found.embeddings, anew.embeddings, atol=ALIKE, equal_nan=True)
            assert np.array_equal(found.utterances.spans, anew.utterances.spans)
            assert np.abs(found.utterances.embeddings - anew.utterances.embeddings).max() < ALIKE

"""A recording in which nobody speaks alone for long. Real models.

pyannote clusters those who speak alone for a fifth of some ten seconds. With nobody left it takes
the mean of nothing, which is NaN, and JSON has no NaN.
"""

import numpy as np
import pytest
import soundfile as sf

from consumers.cluster.identification import joined, speakers
from consumers.voices.pyannote_diarizer import PyannoteDiarizer
from deploy.benchmark.in_process import voices
from schemas.audio import SAMPLE_RATE
from tests.fakes import GRID
from tests.laws.conftest import CLUSTERING
from tests.talk import assert_speakers


@pytest.mark.parametrize("length_ms", [200, 600, 1_000, 1_500])
def test_a_word_in_twenty_seconds_is_somebodys(diarizer: PyannoteDiarizer, length_ms: int) -> None:
    speech, _ = sf.read("tests/recordings/kopitiam_2spk.flac", dtype="float32")
    samples = np.zeros(20 * SAMPLE_RATE, np.float32)
    begin = 3 * SAMPLE_RATE
    samples[begin : begin + length_ms * 16] = speech[begin : begin + length_ms * 16]
    found = speakers(CLUSTERING, joined(voices(diarizer, samples, 20_000), GRID))
    assert_speakers(found)
    if length_ms >= 1_000:
        assert len({turn.speaker for turn in found.turns}) == 1

"""Recordings in which nobody speaks alone for long: everybody who speaks is a speaker all the same.

pyannote clusters those who speak alone for a fifth of some ten seconds. With nobody left it takes
the mean of nothing, which is NaN, and JSON has no NaN.
"""

import numpy as np
import pytest
import soundfile as sf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumers.cluster.identification import joined, speakers
from consumers.voices.diarization import Voices
from consumers.voices.embeddings import Array
from consumers.voices.pyannote_diarizer import PyannoteDiarizer
from deploy.benchmark.in_process import voices
from schemas.audio import SAMPLE_RATE
from schemas.objects import Turns
from tests.laws.conftest import GRID

FRAMES = 589
"""Frames of a chunk, as segmentation-3.0 has them."""
DIMENSION = 4
VALUES = (0.0, 1.0, -1.0, 1e-12, np.nan, np.inf)
"""Of embeddings: what models give, and what they give for audio that is too short for them."""


def assert_speakers(turns: Turns) -> None:
    """No number is NaN, and everybody who talks has a voiceprint."""
    assert all(np.isfinite(voice.centroid).all() for voice in turns.voiceprints)
    talking = {turn.speaker for turn in turns.turns}
    assert talking <= {voice.label for voice in turns.voiceprints}


@pytest.mark.parametrize("length_ms", [200, 600, 1_000, 1_500])
def test_a_word_in_twenty_seconds_is_somebodys(diarizer: PyannoteDiarizer, length_ms: int) -> None:
    speech, _ = sf.read("tests/recordings/kopitiam_2spk.flac", dtype="float32")
    samples = np.zeros(20 * SAMPLE_RATE, np.float32)
    begin = 3 * SAMPLE_RATE
    samples[begin : begin + length_ms * 16] = speech[begin : begin + length_ms * 16]
    found = speakers(diarizer, joined(voices(diarizer, samples, 20_000), GRID))
    assert_speakers(found)
    if length_ms >= 1_000:
        assert len({turn.speaker for turn in found.turns}) == 1


def chunk(talking: list[tuple[int, int]]) -> Array:
    """Activity of three local speakers who talk from one frame to another."""
    activity = np.zeros((FRAMES, 3), np.float32)
    for speaker, (first, end) in enumerate(talking):
        activity[first:end, speaker] = 1
    return activity


SPANS = st.tuples(st.integers(0, FRAMES), st.integers(0, FRAMES)).map(
    lambda span: (min(span), max(span))
)
CHUNKS = st.lists(st.lists(SPANS, max_size=3), min_size=1, max_size=4)


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(data=st.data(), talking=CHUNKS, hint=st.none() | st.integers(1, 4), split=st.booleans())
def test_whatever_is_active_and_whatever_the_embeddings_are(
    diarizer: PyannoteDiarizer,
    data: st.DataObject,
    talking: list[list[tuple[int, int]]],
    hint: int | None,
    split: bool,
) -> None:
    number = len(talking) * 3 * DIMENSION
    drawn = data.draw(st.lists(st.sampled_from(VALUES), min_size=number, max_size=number))
    embeddings = np.array(drawn, np.float32).reshape(len(talking), 3, DIMENSION)
    heard = Voices(np.stack([chunk(each) for each in talking]), embeddings)
    first = speakers(diarizer, heard, hint)
    assert_speakers(first)
    splits = first.voiceprints[:1] if split else ()
    again = speakers(diarizer, heard, hint, first, splits)
    assert_speakers(again)
    if not split:
        assert again.turns == first.turns  # the same voices keep their labels

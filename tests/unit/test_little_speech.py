"""Recordings in which nobody speaks alone for long: everybody who speaks is a speaker all the same.

A clustering that takes only those who speak alone for long has nobody then, and the mean of nothing
is NaN. JSON has no NaN.
"""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumers.cluster.identification import speakers
from consumers.voices.diarization import Voices
from consumers.voices.embeddings import Array
from consumers.voices.loaded_clustering import of_shipped_weights
from tests.fakes import FRAMES, GRID
from tests.talk import assert_speakers

DIMENSION = 4
VALUES = (0.0, 1.0, -1.0, 1e-12, np.nan, np.inf)
"""Of embeddings: what models give, and what they give for audio that is too short for them."""
CLUSTERING = of_shipped_weights(GRID)


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
    data: st.DataObject,
    talking: list[list[tuple[int, int]]],
    hint: int | None,
    split: bool,
) -> None:
    number = len(talking) * 3 * DIMENSION
    drawn = data.draw(st.lists(st.sampled_from(VALUES), min_size=number, max_size=number))
    embeddings = np.array(drawn, np.float32).reshape(len(talking), 3, DIMENSION)
    heard = Voices(np.stack([chunk(each) for each in talking]), embeddings)
    first = speakers(CLUSTERING, heard, hint)
    assert_speakers(first)
    splits = first.voiceprints[:1] if split else ()
    again = speakers(CLUSTERING, heard, hint, first, splits)
    assert_speakers(again)
    if not split:
        assert again.turns == first.turns  # the same voices keep their labels

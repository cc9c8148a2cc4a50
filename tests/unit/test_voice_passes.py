"""When two ways to tell voices apart count as the same."""

import numpy as np
import pytest

from consumers.voices.diarization import Voices
from consumers.voices.utterances import Utterances
from deploy.benchmark.voice_passes import is_alike


def voices(
    embedding: float = 1.0, piece: float = 1.0, active: float = 1.0, end_ms: int = 1_000
) -> Voices:
    utterances = Utterances(
        np.array([[0, end_ms]]), np.full((1, 4), piece, np.float32), np.zeros((1, 2))
    )
    activity = np.full((1, 5, 2), active, np.float32)
    embeddings = np.array([[[embedding] * 4, [np.nan] * 4]], np.float32)
    return Voices(activity, embeddings, utterances)


def test_rounding_and_nobody_are_no_difference() -> None:
    assert is_alike(voices(), voices(embedding=1.000003, piece=0.999997))


@pytest.mark.parametrize(
    "other",
    [voices(embedding=1.01), voices(piece=1.01), voices(active=0.0), voices(end_ms=1_001)],
    ids=("chunk", "piece", "activity", "span"),
)
def test_another_voice_is(other: Voices) -> None:
    assert not is_alike(voices(), other)

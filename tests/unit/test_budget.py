"""How much of the model a stretch may use: its length decides."""

import numpy as np
import pytest

from consumers.transcribe.budget import Budget, budget, finished_tokens
from schemas.audio import SAMPLE_RATE

FASTEST_TOKENS_A_S = 7.1
"""The most that anybody says in the recordings, timestamps included (docs/adr/0008)."""
DECODER_TOKENS = 224
"""Whisper's decoder writes no more after a prompt of half its length."""


@pytest.mark.parametrize("seconds", [0.5, 2.0, 4.6, 7.0, 12.0, 20.0, 25.0])
def test_the_fastest_speech_fits_and_nothing_runs_away(seconds: float) -> None:
    tokens = of(seconds).tokens
    said = min(FASTEST_TOKENS_A_S * seconds, DECODER_TOKENS)
    assert tokens >= 1.1 * said or tokens >= DECODER_TOKENS
    assert tokens <= 60 + 10 * seconds


def test_the_encoder_gets_the_audio_and_a_second_of_silence() -> None:
    assert [of(seconds).mel_frames for seconds in (9.0, 9.1, 19.1, 30.0)] == [
        1000,
        2000,
        3000,
        3000,
    ]


def test_stretches_of_nearly_the_same_length_share_a_batch() -> None:
    assert of(15.2) == of(18.9)


TIME = 100
"""The first timestamp token of these tests."""


def test_text_that_the_budget_cut_off_was_not_said() -> None:
    assert finished_tokens([TIME, 1, 2, TIME + 5, TIME + 5, 3, 3, 3], 8, TIME) == [
        *[TIME, 1, 2],
        *[TIME + 5, TIME + 5],
    ]
    assert finished_tokens([TIME, 3, 3, 3, 3, 3, 3, 3], 8, TIME) == []


def test_a_reading_that_ended_is_whole() -> None:
    assert finished_tokens([TIME, 1, 2, 3], 8, TIME) == [TIME, 1, 2, 3]


def of(seconds: float) -> Budget:
    """Return the budget of so much audio."""
    return budget(np.zeros(int(seconds * SAMPLE_RATE), np.float32))

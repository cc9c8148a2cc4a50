"""How much of the model a stretch may use: its length decides."""

import numpy as np
import pytest

from consumers.audio.decoder import Samples
from consumers.transcribe.budget import (
    Budget,
    budget,
    finished_tokens,
    left_s,
    usual_work_s,
    work_s,
)
from schemas.audio import SAMPLE_RATE

FASTEST_TOKENS_A_S = 7.1
"""The most that anybody says in the recordings, timestamps included (docs/adr/0008)."""
FASTEST_AT_LENGTH = 5.6
"""The same over more than ten seconds, in real talk as well: people breathe (docs/adr/0031)."""
LENGTHS_S = [0.5, 2.0, 4.6, 7.0, 10.0, 12.0, 18.9, 20.0, 25.0, 30.0]
DECODER_TOKENS = 224
"""Whisper's decoder writes no more after a prompt of half its length."""


@pytest.mark.parametrize("seconds", [0.5, 2.0, 4.6, 7.0, 12.0, 20.0, 25.0])
def test_the_fastest_speech_fits_and_nothing_runs_away(seconds: float) -> None:
    tokens = of(seconds).tokens
    fastest = FASTEST_TOKENS_A_S if seconds <= 10 else FASTEST_AT_LENGTH
    said = min(fastest * seconds, DECODER_TOKENS)
    assert tokens >= 1.1 * said or tokens >= DECODER_TOKENS
    assert tokens <= 60 + 10 * seconds


@pytest.mark.parametrize("seconds", LENGTHS_S)
def test_a_loop_leaves_no_work_for_both_halves(seconds: float) -> None:
    samples = silence(seconds)
    loop = budget(samples).tokens
    assert left_s(samples, written=loop, said=0) < 2 * usual_work_s(silence(seconds / 2))


@pytest.mark.parametrize("seconds", [seconds for seconds in LENGTHS_S if seconds > 10])
def test_a_loop_costs_less_than_twice_the_usual(seconds: float) -> None:
    samples = silence(seconds)
    assert work_s(of(seconds), of(seconds).tokens) <= 1.8 * usual_work_s(samples)


@pytest.mark.parametrize("seconds", [8.0, 12.0, 20.0])
def test_a_stretch_that_was_skipped_is_transcribed_in_halves(seconds: float) -> None:
    halves_s = 2 * usual_work_s(silence(seconds / 2))
    assert left_s(silence(seconds), written=5, said=0) >= halves_s


def test_who_talks_fast_may_cost_more() -> None:
    fast = 100
    assert left_s(silence(20), fast, fast) > left_s(silence(20), fast, 20)


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


def silence(seconds: float) -> Samples:
    return np.zeros(int(seconds * SAMPLE_RATE), np.float32)


def of(seconds: float) -> Budget:
    """Return the budget of so much audio."""
    return budget(silence(seconds))

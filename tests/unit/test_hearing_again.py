"""When a transcript is not believed: loops and skipped speech."""

import numpy as np
import pytest

from consumers.audio.decoding_child import RATE
from consumers.transcribe.looping import FRAME, can_be_cut, is_loop, quietest_middle, skipped


@pytest.mark.parametrize(
    ("text", "loop"),
    [
        ("kiasu kiasu kiasu kiasu kiasu", True),
        ("he say Kiasu, yu kiasu yu kiasu yu kiasu yu kiasu yu", True),
        ("can can can can", False),
        ("cheebai this cheebai that", False),
        ("", False),
    ],
)
def test_a_phrase_five_times_in_a_row_is_a_loop(text: str, loop: bool) -> None:
    assert is_loop(text.split(), compression=1.5) is loop


def test_text_that_compresses_too_well_is_a_loop() -> None:
    assert is_loop(["anything"], compression=2.5)


@pytest.mark.parametrize(
    ("words", "is_skipped"),
    [
        ([(0.0, 0.5), (3.0, 3.5), (7.0, 7.5), (9.0, 9.9)], False),
        ([(0.0, 0.5), (9.0, 9.9)], True),
        ([(0.0, 0.5), (1.0, 8.8), (9.0, 9.9)], True),  # the aligner stretched a word over what was skipped
        ([(6.0, 6.5), (9.0, 9.9)], True),
        ([], True),
    ],
)
def test_speech_without_words_was_skipped(words: list[tuple[float, float]], is_skipped: bool) -> None:
    assert skipped([(0.0, 10.0)], words) is is_skipped


def test_silence_without_words_was_not() -> None:
    assert not skipped([], [])
    assert not skipped([(0.0, 1.0), (12.0, 13.0)], [(0.2, 0.8), (12.1, 12.9)])


def test_the_cut_is_in_a_pause_of_the_middle() -> None:
    samples = np.random.default_rng(1).normal(0, 0.3, 20 * RATE).astype(np.float32)
    samples[12 * RATE : 13 * RATE] = 0
    assert 12 * RATE <= quietest_middle(samples) + FRAME < 13 * RATE
    assert can_be_cut(samples)
    assert not can_be_cut(samples[: 11 * RATE])

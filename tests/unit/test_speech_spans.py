"""Windows are cut where nobody speaks, neighbours agree where; speech without a word is found."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.audio.decoder import Samples
from consumers.transcribe.speech_spans import (
    FRAME,
    Span,
    quiet_bounds,
    quietest_index,
    speech_without_words,
)
from deploy.benchmark.in_process import windows
from schemas.audio import CUT_REACH_MS, SAMPLE_RATE, SAMPLES_PER_MS

NOISE = np.random.default_rng(1).normal(0, 0.3, 70 * SAMPLE_RATE).astype(np.float32)


def with_pause(start_s: float, end_s: float) -> Samples:
    samples = NOISE.copy()
    samples[int(start_s * SAMPLE_RATE) : int(end_s * SAMPLE_RATE)] = 0
    return samples


def test_the_quietest_place_is_in_the_pause() -> None:
    assert (
        12 * SAMPLE_RATE
        <= quietest_index(with_pause(12, 13), 5 * SAMPLE_RATE, 15 * SAMPLE_RATE) + FRAME
        < 13 * SAMPLE_RATE
    )


def test_too_little_to_choose_from_is_cut_in_its_middle() -> None:
    assert quietest_index(NOISE, 100, 300) == 200


def test_a_border_moves_back_to_the_pause_within_its_reach() -> None:
    start, end = quiet_bounds(with_pause(17, 18)[: 20 * SAMPLE_RATE], 0, 0, 20_000, is_last=False)
    assert (start, 17_000 <= end <= 18_000) == (0, True)


def test_the_ends_of_a_session_are_no_borders() -> None:
    assert quiet_bounds(NOISE[: 10 * SAMPLE_RATE], 40_000, 40_000, 50_000, is_last=True) == (
        40_000,
        50_000,
    )


@given(
    pause=st.floats(0, 60),
    window=st.sampled_from([7_000, 15_000, 20_000]),
    total=st.integers(1_000, 65_000) | st.sampled_from([15_000, 60_000]),
)
def test_neighbours_cut_alike_and_together_hear_everything_once(
    pause: float, window: int, total: int
) -> None:
    samples = with_pause(pause, pause + 0.5)[: total * SAMPLES_PER_MS]
    found: list[tuple[int, int]] = []
    for one in windows(total, window):
        first = max(0, one.start_ms - CUT_REACH_MS)
        part = samples[first * SAMPLES_PER_MS : one.end_ms * SAMPLES_PER_MS]
        found.append(quiet_bounds(part, first, one.start_ms, one.end_ms, one.is_last))
    assert (found[0][0], found[-1][1]) == (0, total)
    assert all(before[1] == after[0] for before, after in itertools.pairwise(found))
    assert all(end - start <= window + CUT_REACH_MS for start, end in found)


@pytest.mark.parametrize(
    ("words", "gaps"),
    [
        ([(0.2, 0.5), (1.5, 2.0), (3.0, 3.5), (4.6, 5.0)], []),
        ([(0.0, 0.5), (4.5, 5.0)], [(0.5, 4.5)]),
        # The aligner stretched a word over the skipped passage.
        ([(0.0, 0.5), (0.6, 4.4), (4.5, 5.0)], [(0.5, 3.4)]),
        ([(3.0, 3.5), (4.5, 5.0)], [(0.0, 3.0)]),
        ([], [(0.0, 5.0)]),
        ([(7.0, 8.0)], [(0.0, 5.0)]),
    ],
)
def test_speech_without_words_is_found(words: list[Span], gaps: list[Span]) -> None:
    found = speech_without_words([(0.0, 5.0)], words)
    assert [pytest.approx(gap) for gap in gaps] == found


def test_silence_without_words_is_no_gap() -> None:
    assert speech_without_words([], []) == []
    speech = [(0.0, 1.0), (12.0, 13.0)]
    assert speech_without_words(speech, [(0.2, 0.8), (12.1, 12.9)]) == []

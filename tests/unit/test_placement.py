"""Chunks on the session's timeline: in their place, cut at their length, gaps named."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from consumers.audio.placement import Placed, lay
from schemas.audio import BRIDGE_MS, SAMPLES_PER_MS


def chunk(seq: int, start_ms: int, duration_ms: int, value: float, decoded_ms: int = 0) -> Placed:
    """A chunk whose samples all have `value`; `decoded_ms` when more or less was decoded."""
    length = (decoded_ms or duration_ms) * SAMPLES_PER_MS
    return Placed(seq, start_ms, duration_ms, np.full(length, value, np.float32))


def values(samples: np.ndarray[tuple[int], np.dtype[np.float32]], *at_ms: int) -> list[float]:
    return [float(samples[ms * SAMPLES_PER_MS]) for ms in at_ms]


def test_chunks_lie_where_they_say_whatever_order_they_come_in() -> None:
    samples, missing = lay([chunk(1, 1_000, 1_000, 0.2), chunk(0, 0, 1_000, 0.1)], 0, 2_000)
    assert len(samples) == 2_000 * SAMPLES_PER_MS
    assert np.allclose(values(samples, 0, 999, 1_000, 1_999), [0.1, 0.1, 0.2, 0.2])
    assert missing == ()


def test_a_gap_is_silent_and_missing() -> None:
    samples, missing = lay([chunk(0, 0, 1_000, 0.1), chunk(1, 2_000, 1_000, 0.2)], 0, 3_000)
    assert values(samples, 1_500) == [0.0]
    assert missing == ((1_000, 2_000),)


def test_a_gap_of_the_encoder_is_not_missing() -> None:
    chunks = [chunk(0, 0, 1_000, 0.1), chunk(1, 1_000 + BRIDGE_MS, 1_000, 0.2)]
    assert lay(chunks, 0, 2_000)[1] == ()


def test_where_two_overlap_the_first_wins_and_nothing_is_added() -> None:
    samples, _ = lay([chunk(0, 0, 1_000, 0.1), chunk(1, 500, 1_000, 0.2)], 0, 1_500)
    assert np.allclose(values(samples, 700, 1_200), [0.1, 0.2])


def test_more_than_the_chunks_length_is_cut_and_less_is_missing() -> None:
    samples, missing = lay([chunk(0, 0, 1_000, 0.1, decoded_ms=1_600)], 0, 2_000)
    assert values(samples, 1_200) == [0.0]
    assert missing == ((1_000, 2_000),)
    assert lay([chunk(0, 0, 1_000, 0.1, decoded_ms=400)], 0, 1_000)[1] == ((400, 1_000),)


def test_the_encoders_rest_at_the_end_of_a_session_is_not_missing() -> None:
    """Before, "9.95 to 10 s" was called missing of a recording that lost a frame."""
    assert lay([chunk(0, 0, 1_000, 0.1, decoded_ms=1_000 - BRIDGE_MS)], 0, 1_000)[1] == ()


def test_a_span_that_was_not_recorded_is_missing_and_another_chunk_may_have_it() -> None:
    samples = np.full(3_000 * SAMPLES_PER_MS, 0.1, np.float32)
    suspended = Placed(0, 0, 3_000, samples, ((1_000, 2_000),))
    heard, missing = lay([suspended], 0, 3_000)
    assert np.allclose(values(heard, 500, 1_500, 2_500), [0.1, 0.0, 0.1])
    assert missing == ((1_000, 2_000),)
    heard, missing = lay([suspended, chunk(1, 500, 2_000, 0.2)], 0, 3_000)
    assert np.allclose(values(heard, 500, 1_500, 2_400), [0.1, 0.2, 0.1])
    assert missing == ()


def test_a_chunk_that_could_not_be_decoded_is_missing() -> None:
    undecodable = Placed(1, 1_000, 1_000, None)
    assert lay([chunk(0, 0, 1_000, 0.1), undecodable], 0, 2_000)[1] == ((1_000, 2_000),)


def test_only_the_window_is_returned() -> None:
    samples, missing = lay([chunk(0, 0, 5_000, 0.1)], 2_000, 3_000)
    assert len(samples) == 1_000 * SAMPLES_PER_MS
    assert np.allclose(samples, 0.1)
    assert missing == ()


@given(
    st.lists(st.tuples(st.integers(0, 4_000), st.integers(1, 2_000)), max_size=5),
    st.integers(0, 2_000),
    st.integers(1, 2_000),
)
def test_every_millisecond_has_audio_or_is_missing(
    spans: list[tuple[int, int]], from_ms: int, length_ms: int
) -> None:
    chunks = [chunk(seq, start, length, 1.0) for seq, (start, length) in enumerate(spans)]
    samples, missing = lay(chunks, from_ms, from_ms + length_ms)
    silent = np.flatnonzero(samples[::SAMPLES_PER_MS] == 0) + from_ms
    gaps = [ms for start, end in missing for ms in range(start, end)]
    assert set(gaps) <= set(silent.tolist())
    assert len(samples) == length_ms * SAMPLES_PER_MS

"""The grid: every chunk of a whole-file pass belongs to exactly one window."""

from hypothesis import given
from hypothesis import strategies as st

from consumers.voices.grid import Grid

GRID = Grid(chunk_ms=10_000, step_ms=2_000)


def test_a_whole_file_pass_pads_what_is_left() -> None:
    lengths = [0, 1, 9_999, 10_000, 10_001, 12_000, 12_001]
    assert [GRID.count(total) for total in lengths] == [0, 1, 1, 1, 2, 2, 3]


def test_a_chunk_belongs_to_the_window_in_which_it_ends() -> None:
    assert GRID.owned(0, 20_000, None) == range(6)
    assert GRID.owned(20_000, 40_000, None) == range(6, 16)
    owned = GRID.owned(20_000, 40_000, None)
    assert (GRID.start_ms(owned), GRID.end_ms(owned)) == (12_000, 40_000)


def test_a_short_window_may_own_nothing() -> None:
    assert len(GRID.owned(0, 7_000, None)) == 0


@given(
    st.integers(1, 200_000),
    st.sampled_from([5_000, 7_000, 15_000, 20_000]),
    st.sampled_from([1_000, 1_700, 2_000, 5_000]),
)
def test_windows_share_out_the_chunks_of_a_whole_file(
    total_ms: int, window_ms: int, step_ms: int
) -> None:
    grid = Grid(chunk_ms=10_000, step_ms=step_ms)
    last = total_ms // window_ms
    owned: list[int] = []
    for n in range(last + 1):
        end_ms = min((n + 1) * window_ms, total_ms)
        session_end_ms = total_ms if n == last else None
        owned += grid.owned(n * window_ms, end_ms, session_end_ms)
    assert owned == list(range(grid.count(total_ms)))

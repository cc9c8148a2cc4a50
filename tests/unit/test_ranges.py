"""Ranges against plain sets."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.ranges import covers, missing, remove, size, union

PARTS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 12)).map(lambda p: (p[0], p[0] + p[1])),
    max_size=12,
)


@given(PARTS, st.integers(0, 50), st.integers(0, 50))
def test_like_sets(parts: list[tuple[int, int]], start: int, end: int) -> None:
    held = {n for a, b in parts for n in range(a, b)}
    ranges = union(parts)
    assert size(ranges) == len(held)
    assert covers(ranges, start, end) == (set(range(start, end)) <= held)
    assert {n for a, b in missing(ranges, start, end) for n in range(a, b)} == set(
        range(start, end)
    ) - held


@given(PARTS, st.integers(0, 50), st.integers(0, 50))
def test_removing_is_the_difference_of_sets(
    parts: list[tuple[int, int]], start: int, end: int
) -> None:
    ranges = union(parts)
    left = remove(ranges, start, end)
    wanted = {n for a, b in ranges for n in range(a, b)} - set(range(start, end))
    assert {n for a, b in left for n in range(a, b)} == wanted
    assert left == union(left)

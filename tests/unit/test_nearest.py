"""Moments that belong together: the nearest first, each in one pair at most."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.nearest import nearest_pairs

MOMENTS = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 12)), max_size=6)
NEAR_MS = 4


@given(MOMENTS, MOMENTS)
def test_no_free_pair_is_nearer_than_the_pairs_of_its_two(
    wanted: list[tuple[str, int]], there: list[tuple[str, int]]
) -> None:
    pairs = nearest_pairs(wanted, there, NEAR_MS)
    partner = {other: one for one, other in pairs.items()}
    assert len(partner) == len(pairs)
    for one, (name, wanted_ms) in enumerate(wanted):
        for other, (found, at_ms) in enumerate(there):
            rank = (abs(at_ms - wanted_ms), one, other)
            kept = [
                (abs(there[b][1] - wanted[a][1]), a, b)
                for a, b in ((one, pairs.get(one)), (partner.get(other), other))
                if a is not None and b is not None
            ]
            if name == found and rank[0] <= NEAR_MS:
                assert any(pair <= rank for pair in kept)
            assert pairs.get(one) != other or (name == found and rank[0] <= NEAR_MS)


def test_the_first_goes_first_where_two_are_equally_near() -> None:
    assert nearest_pairs([("a", 0), ("a", 2)], [("a", 1)], NEAR_MS) == {0: 0}
    assert nearest_pairs([("a", 1)], [("a", 0), ("a", 2)], NEAR_MS) == {0: 0}

"""Moments that belong together: as many pairs as there can be, as near as they can be."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from schemas.nearest import nearest_pairs

MOMENTS = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 12)), max_size=5)
NEAR_MS = 4
Named = tuple[str, int]
Pairs = dict[int, int]


def choices(wanted: list[Named], there: list[Named]) -> list[Pairs]:
    """Every way to pair them."""
    found: list[Pairs] = []
    for others in product([None, *range(len(there))], repeat=len(wanted)):
        pairs = {one: other for one, other in enumerate(others) if other is not None}
        if len(set(pairs.values())) == len(pairs) and are_near(pairs, wanted, there):
            found.append(pairs)
    return found


def are_near(pairs: Pairs, wanted: list[Named], there: list[Named]) -> bool:
    return all(
        wanted[one][0] == there[other][0] and apart(wanted[one], there[other]) <= NEAR_MS
        for one, other in pairs.items()
    )


def apart(one: Named, other: Named) -> int:
    return abs(one[1] - other[1])


def worth(pairs: Pairs, wanted: list[Named], there: list[Named]) -> tuple[int, int]:
    """The number of pairs, and how near they are."""
    return len(pairs), -sum(apart(wanted[one], there[other]) for one, other in pairs.items())


@given(MOMENTS, MOMENTS)
def test_no_other_choice_has_more_pairs_nor_nearer_ones(
    wanted: list[Named], there: list[Named]
) -> None:
    pairs = nearest_pairs(wanted, there, NEAR_MS)
    every = choices(wanted, there)
    assert pairs in every
    assert worth(pairs, wanted, there) == max(worth(one, wanted, there) for one in every)


@given(MOMENTS, MOMENTS)
def test_pairs_of_a_name_do_not_cross(wanted: list[Named], there: list[Named]) -> None:
    pairs = nearest_pairs(wanted, there, NEAR_MS)
    for one, other in product(pairs, repeat=2):
        if wanted[one][0] == wanted[other][0] and wanted[one][1] < wanted[other][1]:
            assert there[pairs[one]][1] <= there[pairs[other]][1]


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 60)), max_size=30, unique=True),
    st.integers(-NEAR_MS, NEAR_MS),
)
def test_each_has_its_own_again_where_all_are_later_by_the_same(
    wanted: list[Named], later_ms: int
) -> None:
    there = [(name, at_ms + later_ms) for name, at_ms in wanted]
    assert nearest_pairs(wanted, there, NEAR_MS) == {n: n for n in range(len(wanted))}


def test_the_first_goes_first_where_two_are_equally_near() -> None:
    assert nearest_pairs([("a", 0), ("a", 2)], [("a", 1)], NEAR_MS) == {0: 0}
    assert nearest_pairs([("a", 2), ("a", 0)], [("a", 1)], NEAR_MS) == {0: 0}
    assert nearest_pairs([("a", 1)], [("a", 0), ("a", 2)], NEAR_MS) == {0: 0}

"""Of several readings the one that the others are nearest to."""

from hypothesis import given
from hypothesis import strategies as st

from consumers.transcribe.readings import least_risk

READINGS = st.lists(
    st.tuples(st.lists(st.sampled_from(["lah", "lor", "can"]), max_size=4), st.floats(-20, 0)),
    min_size=1,
    max_size=5,
)


def test_a_likely_reading_that_stands_alone_gives_way() -> None:
    readings = [["can", "law"], ["can", "lah"], ["can", "lah", "ok"]]
    assert least_risk(readings, [-1.0, -1.1, -1.1]) == 1
    assert least_risk(readings, [-1.0, -4.0, -4.0]) == 0


@given(READINGS)
def test_what_is_said_by_most_of_the_weight_is_taken(found: list[tuple[list[str], float]]) -> None:
    readings, likelihoods = [*map(list, zip(*found, strict=True))]
    chosen = least_risk(readings, likelihoods)
    assert 0 <= chosen < len(found)
    heavy = max(likelihoods) + 30
    assert least_risk([*readings, ["walao"]], [*likelihoods, heavy]) == len(readings)


def test_of_equal_ones_the_first() -> None:
    assert least_risk([["can"], ["lah"]], [-1.0, -1.0]) == 0

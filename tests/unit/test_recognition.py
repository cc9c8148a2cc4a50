"""Of several readings the one that the others are nearest to, and none that skips speech."""

from hypothesis import given
from hypothesis import strategies as st

from consumers.transcribe.readings import NEARLY, SKIPPED_WORDS, Reading, least_risk

READINGS = st.lists(
    st.tuples(
        st.lists(st.sampled_from(["lah", "lor", "can"]), min_size=2, max_size=2), st.floats(-2, 0)
    ),
    min_size=1,
    max_size=5,
)


def reading(text: str, mean: float) -> Reading:
    """As the decoder writes it: a token for each word, and the end."""
    words = text.split()
    return Reading(words, len(words) + 1, mean)


def test_a_likely_reading_that_stands_alone_gives_way() -> None:
    texts = ["can can law", "can can lah", "can can lah ok"]
    assert least_risk([*map(reading, texts, [-0.3, -0.32, -0.32])]) == 1
    assert least_risk([*map(reading, texts, [-0.3, -1.5, -1.5])]) == 0


@given(READINGS)
def test_what_is_said_by_most_of_the_weight_is_taken(found: list[tuple[list[str], float]]) -> None:
    readings = [Reading(words, len(words) + 1, mean) for words, mean in found]
    chosen = least_risk(readings)
    assert 0 <= chosen < len(found)
    heavy = reading("walao walao", max(one.mean_nats for one in readings) + 30)
    assert least_risk([*readings, heavy]) == len(readings)


def test_of_equal_ones_the_first() -> None:
    assert least_risk([reading("can", -1.0), reading("lah", -1.0)]) == 0


def test_an_empty_reading_is_no_reading_of_speech() -> None:
    """Of one window the decoder kept four whole texts and an empty one, and that had 6 nats."""
    whole = "so the plan is to leave on friday evening after everybody finish work "
    texts = [whole * 4, whole * 4 + "leh", whole * 4 + "lah", whole * 4 + "lor", ""]
    assert least_risk([*map(reading, texts, [-0.18, -0.22, -0.22, -0.23, -6.18])]) == 0


def test_a_reading_that_stops_early_is_no_match_for_one_as_likely_that_goes_on() -> None:
    start = "last month he also never go for my birthday leh "
    rest = "tell him to find another job but he scared he say now very hard to find really meh "
    texts = [start, start + rest, start + rest + "can", start + rest + "lor", start]
    means = [-0.23, -0.23, -0.25, -0.25, -0.35]
    assert least_risk([*map(reading, texts, means)]) == 1
    cut = [*map(reading, [start, start, start, start, start + rest], [-0.23] * 5)]
    assert least_risk(cut) == 4


def test_a_reading_of_many_words_that_is_unlikely_was_not_said() -> None:
    said = reading("okay lah", -0.3)
    echo = reading("okay lah" + " lah" * SKIPPED_WORDS, -0.3 - 2 * NEARLY)
    assert least_risk([said, echo]) == 0
    assert least_risk([echo, said]) == 1

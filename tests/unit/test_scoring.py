"""Scoring: the truth itself is right, and speakers are matched in the way that is best."""

from collections import Counter
from itertools import permutations
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from deploy.benchmark import scoring
from deploy.benchmark.scoring import Counts, Result, pooled, score
from deploy.benchmark.turn_errors import turns_of

AUDIO = Path("tests/recordings/traps_2spk.flac")
WORDS = st.dictionaries(st.sampled_from(["lah", "lor", "leh"]), st.integers(0, 5))
SPEAKERS = st.lists(WORDS, max_size=4)


def perfect() -> Result:
    truth = scoring._truth(AUDIO)
    turns = [
        (f"voice {label}", segment.start, segment.end)
        for segment, _, label in turns_of(AUDIO).itertracks(yield_label=True)
    ]
    counts = {f"voice {label}": Counter(words) for label, words in truth.counted.items()}
    return Result(turns, [segment.text for segment in truth.segments], counts)


def test_the_truth_itself_scores_without_error() -> None:
    found = score(AUDIO, perfect())
    assert (found.der, found.wer, found.f1) == (0, 0, 1)
    assert found.true == found.counted == found.right > 0
    assert pooled([found, found]).right == 2 * found.right


def best(said: list[Counts], found: list[Counts]) -> int:
    """The most right counts of all matchings, tried one by one."""
    names = [*found, *[Counts()] * max(0, len(said) - len(found))]
    matchings = permutations(names, len(said))
    return max(
        sum((mine & theirs).total() for mine, theirs in zip(said, matching, strict=True))
        for matching in matchings
    )


@given(SPEAKERS, SPEAKERS)
def test_speakers_are_matched_so_that_most_counts_are_right(
    said: list[dict[str, int]], found: list[dict[str, int]]
) -> None:
    true = [Counter(words) for words in said]
    counted = [Counter(words) for words in found]
    assert scoring._right(true, counted).total() == best(true, counted)

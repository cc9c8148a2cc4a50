"""Audio is followed in its source over skips, and words that differ by chance are no fault."""

from collections import Counter

import numpy as np
import pytest

from consumers.audio.decoder import Samples
from deploy.benchmark.seams import signal
from schemas.audio import SAMPLE_RATE
from tests.end_to_end.same_audio import MOST_WORSE, worse_by
from tests.end_to_end.same_sound import follow

SOURCE = np.asarray(signal(40), dtype=np.float32)
SKIPPED_S = 0.3


def seconds(first: float, last: float) -> Samples:
    """A piece of the source."""
    return SOURCE[round(first * SAMPLE_RATE) : round(last * SAMPLE_RATE)]


def test_the_same_sound_is_found_where_it_begins() -> None:
    followed = follow(SOURCE, seconds(7, 19))
    assert np.array_equal(followed.samples, seconds(7, 19))
    assert followed.skips_ms == []
    assert followed.unlike_ms == 0


def test_the_source_of_silence_is_silent() -> None:
    followed = follow(SOURCE, np.zeros(SAMPLE_RATE, np.float32))
    assert not followed.samples.any()
    assert followed.unlike_ms == 0


@pytest.mark.parametrize("moved_s", [SKIPPED_S, -SKIPPED_S])
@pytest.mark.parametrize("at_s", [15, 15.07, 15.1])
def test_a_microphone_that_skips_is_followed(at_s: float, moved_s: float) -> None:
    heard = np.concatenate([seconds(5, at_s), seconds(at_s + moved_s, 30)])
    followed = follow(SOURCE, heard)
    assert followed.skips_ms == [1000 * moved_s]
    assert followed.unlike_ms == 0
    before = round((at_s - 5.2) * SAMPLE_RATE)
    after = round((at_s - 4.8) * SAMPLE_RATE)
    assert np.array_equal(followed.samples[:before], heard[:before])
    assert np.array_equal(followed.samples[after:], heard[after:])


def test_sound_that_is_lacking_or_another_is_told() -> None:
    silent = seconds(5, 20).copy()
    silent[8 * SAMPLE_RATE : 9 * SAMPLE_RATE] = 0
    assert follow(SOURCE, silent).unlike_ms == 1000
    other = seconds(5, 20).copy()
    other[8 * SAMPLE_RATE : 9 * SAMPLE_RATE] = signal(1, seed=6)
    assert follow(SOURCE, other).unlike_ms == 1000


def test_sound_before_the_source_begins_is_told() -> None:
    heard = np.concatenate([signal(1, seed=6), seconds(0, 10)])
    with pytest.raises(ValueError, match="not in the source"):
        follow(seconds(20, 40), heard)


SAID = Counter({"lah": 20, "kopi": 10})


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_a_few_words_that_differ_are_chance(lost: int) -> None:
    assert worse_by(SAID - Counter(lah=lost), SAID, SAID) <= MOST_WORSE
    assert worse_by(SAID, SAID - Counter(lah=lost), SAID) < 0


@pytest.mark.parametrize("lost", [9, 12, 20])
def test_many_words_on_one_side_are_no_chance(lost: int) -> None:
    assert worse_by(SAID - Counter(lah=lost), SAID, SAID) > MOST_WORSE


def test_words_that_nobody_said_are_no_chance_either() -> None:
    assert worse_by(SAID + Counter(sian=10), SAID, SAID) > MOST_WORSE

"""Made-up rooms: noise at its level, and one speaker further away."""

import numpy as np
import pytest
from pyannote.core import Annotation, Segment

from consumers.audio.decoder import Samples
from deploy.benchmark.rooms import (
    BABBLE_DB,
    FAN,
    FAN_DB,
    KOPITIAM,
    QUIET_DB,
    QUIET_ROOM,
    further_away,
    noise,
)

SECOND = 16_000


def level(samples: Samples) -> float:
    return 20 * float(np.log10(np.sqrt(np.mean(samples**2))))


@pytest.mark.parametrize(
    ("room", "dbfs"), [(QUIET_ROOM, QUIET_DB), (FAN, FAN_DB), (KOPITIAM, BABBLE_DB)]
)
def test_noise_has_its_level(room: str, dbfs: float) -> None:
    talk = [np.sin(np.arange(SECOND) * 0.1).astype(np.float32)]
    made = noise(room, 3 * SECOND, talk, np.random.default_rng(1))
    assert level(made) == pytest.approx(dbfs, abs=0.1)
    assert len(made) == 3 * SECOND


@pytest.mark.parametrize("before", [0.02, 0.1, 0.3])
def test_the_turns_of_one_speaker_are_so_far_under_the_others(before: float) -> None:
    truth = Annotation()
    truth[Segment(0, 1), 0] = "ann"
    truth[Segment(1, 2), 1] = "beng"
    samples = np.full(2 * SECOND, 0.1, np.float32)
    samples[SECOND:] = before
    quieter = further_away(samples, truth, "beng", 18.0)
    assert level(quieter[: SECOND - 200]) == pytest.approx(-20, abs=0.1)
    assert level(quieter[SECOND + 200 : -200]) == pytest.approx(-38, abs=0.1)

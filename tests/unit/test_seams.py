"""The measure of the recorder's seams finds what was cut out, said twice or made silent."""

import numpy as np
import pytest

from consumers.audio.decoder import Samples
from deploy.benchmark.seams import seams, signal
from schemas.audio import SAMPLES_PER_MS

SOURCE = signal(8)
SECOND = 1000 * SAMPLES_PER_MS


def without(from_ms: int, to_ms: int) -> Samples:
    return np.concatenate([SOURCE[: from_ms * SAMPLES_PER_MS], SOURCE[to_ms * SAMPLES_PER_MS :]])


def test_what_is_whole_has_no_seam_wherever_it_begins() -> None:
    assert seams(SOURCE, SOURCE[SECOND + 77 : -SECOND]).all_ms == 0


@pytest.mark.parametrize("length_ms", [2, 15, 180])
def test_a_piece_that_is_cut_out_is_lost(length_ms: int) -> None:
    found = seams(SOURCE, without(3050, 3050 + length_ms))
    assert found.lost_ms == length_ms
    assert found.doubled_ms == 0


def test_a_piece_that_is_said_twice_is_doubled() -> None:
    end = 4 * SECOND
    heard = np.concatenate([SOURCE[:end], SOURCE[end - 30 * SAMPLES_PER_MS :]])
    assert seams(SOURCE, heard).doubled_ms == 30


def test_a_silent_piece_is_unheard() -> None:
    heard = SOURCE.copy()
    heard[4 * SECOND : 4 * SECOND + 100 * SAMPLES_PER_MS] = 0
    found = seams(SOURCE, heard)
    assert 80 <= found.unheard_ms <= 120
    assert found.lost_ms == 0


def test_what_is_another_sound_raises() -> None:
    with pytest.raises(ValueError, match="nothing of the signal"):
        seams(SOURCE, signal(3, seed=6))

"""As `tests/integration/test_streams_disturbed.py`, ten times as long and at random moments."""

import random
import time
from collections.abc import Iterator

import pytest

from deploy.devstack.streams_bed import StreamsBed, streams_bed
from tests.disturbances import LONGEST_PAUSE_S, storm, zombie


@pytest.fixture
def bed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StreamsBed]:
    """Servers of its own: nothing else speaks to its workers."""
    with streams_bed(tmp_path_factory.mktemp("faults"), GRACE_MS="8000") as up:
        yield up


def test_many_pauses(bed: StreamsBed) -> None:
    verdict = zombie(bed, rounds=10, chunks=200)
    verdict.print("ten pauses")
    assert verdict.faults == []


def test_many_comings_and_goings(bed: StreamsBed) -> None:
    seed = time.time_ns()
    verdict = storm(bed, rounds=10, dice=random.Random(seed))
    verdict.print(f"1 to 4 to 1 workers, ten times, seed {seed}")
    assert verdict.faults == []
    assert verdict.longest_pause_s <= LONGEST_PAUSE_S

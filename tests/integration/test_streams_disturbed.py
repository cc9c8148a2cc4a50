"""Streams workers that pause, die, come and go: no chunk is lost, and no answer doubled or stale.

`tests/faults` has the long ones.
"""

import random
import time
from collections.abc import Iterator

import pytest

from deploy.devstack.streams_bed import StreamsBed, streams_bed
from tests.disturbances import LONGEST_PAUSE_S, storm, zombie


@pytest.fixture
def bed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StreamsBed]:
    """Servers of its own: nothing else speaks to its workers."""
    with streams_bed(tmp_path_factory.mktemp("disturbed"), GRACE_MS="8000") as up:
        yield up


def test_a_worker_that_was_paused_overwrites_nothing(bed: StreamsBed) -> None:
    verdict = zombie(bed, rounds=1, chunks=200)
    verdict.print("one pause")
    assert verdict.faults == []


def test_workers_come_and_go_under_load(bed: StreamsBed) -> None:
    seed = time.time_ns()
    verdict = storm(bed, rounds=1, dice=random.Random(seed))
    verdict.print(f"1 to 4 to 1 workers, seed {seed}")
    assert verdict.faults == []
    assert verdict.longest_pause_s <= LONGEST_PAUSE_S

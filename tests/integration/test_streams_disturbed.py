"""Streams workers that pause, die, come and go: no chunk is lost, and no answer doubled or stale.

`tests/faults` has the long ones.
"""

from deploy.devstack.streams_bed import StreamsBed
from tests import disturbances

bed = disturbances.disturbed_bed


def test_a_worker_that_was_paused_overwrites_nothing(bed: StreamsBed) -> None:
    assert disturbances.pauses(bed, rounds=1).faults == []


def test_workers_come_and_go_under_load(bed: StreamsBed) -> None:
    verdict = disturbances.storms(bed, rounds=1)
    assert verdict.faults == []
    assert verdict.longest_pause_s <= disturbances.LONGEST_PAUSE_S

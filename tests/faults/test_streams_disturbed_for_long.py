"""As `tests/integration/test_streams_disturbed.py`, ten times as long and at random moments."""

from deploy.devstack.streams_bed import StreamsBed
from tests import disturbances

bed = disturbances.disturbed_bed


def test_many_pauses(bed: StreamsBed) -> None:
    assert disturbances.pauses(bed, rounds=10).faults == []


def test_many_comings_and_goings(bed: StreamsBed) -> None:
    verdict = disturbances.storms(bed, rounds=10)
    assert verdict.faults == []
    assert verdict.longest_pause_s <= disturbances.LONGEST_PAUSE_S

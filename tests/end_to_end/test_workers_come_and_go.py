"""Streams workers that start, end and die under load: nothing is lost, doubled or late.

The longest pause of a session is measured, so the test has the machine for itself.
`tests/faults/runs/streams_workers.py` has the long one.
"""

import pytest

from deploy.devstack.streams_bed import StreamsBed
from tests import disturbances

bed = disturbances.disturbed_bed


@pytest.mark.early  # before the shared stack is up, which works a little all the time
@pytest.mark.alone
def test_workers_come_and_go_under_load(bed: StreamsBed) -> None:
    verdict = disturbances.storms(bed, rounds=1)
    assert verdict.faults == []
    assert verdict.longest_pause_s <= disturbances.LONGEST_PAUSE_S

"""A streams worker that pauses: no chunk is lost, and no answer doubled or stale.

`tests/end_to_end/test_workers_come_and_go.py` is about workers that end. `tests/faults` has both.
"""

import pytest

from deploy.devstack.streams_bed import StreamsBed
from tests import disturbances

bed = disturbances.disturbed_bed


@pytest.mark.own_stack
def test_a_worker_that_was_paused_overwrites_nothing(bed: StreamsBed) -> None:
    assert disturbances.pauses(bed, rounds=1).faults == []

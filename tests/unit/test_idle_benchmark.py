"""The benchmark of an idle stack reads the processor time that the kernel counted."""

import os
import time

from deploy.benchmark import idle


def test_processor_time_of_a_process_is_counted_over_its_threads() -> None:
    before = idle.cpu_s(os.getpid())
    until = time.process_time() + 0.2
    while time.process_time() < until:
        pass
    assert 0.15 < idle.cpu_s(os.getpid()) - before < 2


def test_the_table_has_a_row_for_each_process_that_starts_or_idles() -> None:
    found = idle.Idle(12.0, 1.25, {"kafka": 5.5, "topics": 5.6}, 20.0, 60, {"kafka": 3.25})
    lines = idle.markdown(found)
    assert "| kafka | 5.5 s | 3.25 % |" in lines
    assert "| topics | 5.6 s | |" in lines
    assert found.idle_percent_in_all == 3.25

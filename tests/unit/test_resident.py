"""The resident memory of a process that runs, and of one that is gone."""

import os
import subprocess
import sys

from deploy.benchmark.resident import resident_bytes


def test_a_running_process_has_memory_and_one_that_is_gone_has_none() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert resident_bytes(gone.pid) == 0
    assert resident_bytes(os.getpid()) > 1_000_000

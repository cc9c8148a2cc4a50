"""A process or a thread that steps back goes behind others, and takes nobody along."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from adapters.process.priority import LEAST, POLITE, step_back_alone

STEPS_BACK = (
    "from adapters.process.priority import step_back; step_back(); import os; print(os.nice(0))"
)


def own() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
def test_a_thread_steps_back_alone() -> None:
    before = own()
    with ThreadPoolExecutor(1, initializer=step_back_alone) as thread:
        assert thread.submit(own).result() == LEAST
    assert own() == before


def test_a_process_steps_back() -> None:
    said = subprocess.run(
        [sys.executable, "-c", STEPS_BACK], check=True, capture_output=True, text=True
    ).stdout
    assert int(said) == min(LEAST, os.nice(0) + POLITE)

"""A process that steps back goes behind others, and takes nobody along."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from adapters.process.priority import BEHIND, POLITE, step_behind, steps_down

LEAST = 19
"""The kernel's own bound."""
STEPS_BACK = (
    "from adapters.process.priority import step_back; step_back(); import os; print(os.nice(0))"
)


def test_a_process_steps_back() -> None:
    said = subprocess.run(
        [sys.executable, "-c", STEPS_BACK], check=True, capture_output=True, text=True
    ).stdout
    assert int(said) == min(LEAST, os.nice(0) + POLITE)


def test_a_thread_steps_behind_and_takes_no_other_along() -> None:
    before = steps_down()
    with ThreadPoolExecutor(1, initializer=step_behind) as one:
        behind = one.submit(steps_down).result()
    assert behind == min(LEAST, before + BEHIND)
    assert steps_down() == before

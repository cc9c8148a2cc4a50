"""A process that steps back goes behind others, and takes nobody along."""

import os
import subprocess
import sys

from adapters.process.priority import POLITE

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

"""Work that nobody waits for gives the cores to work that somebody does."""

import os
import sys
import threading

POLITE = 10
LEAST = 19
"""Steps down, as `nice` counts them: behind others, and behind all."""


def step_back() -> None:
    """Let every other process of the machine go first. Call it once, in a `main`."""
    os.nice(POLITE)


def step_back_alone() -> None:
    """Let every other thread of the machine go first, those of this process too.

    For the thread that calls. Does nothing where a thread has no priority of its own.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LEAST)

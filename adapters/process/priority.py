"""Work that nobody waits for gives the cores to work that somebody does."""

import os
import sys
import threading

POLITE = 10
BEHIND = 2
"""Steps down, as `nice` counts them. BEHIND still gets two thirds of the share of others."""


def step_back() -> None:
    """Let every other process of the machine go first. Never blocks, and has no way back.

    Call it once, in a `main`: a second call steps down further. Threads and children that begin
    after it step back too, and those of before do not.
    """
    os.nice(POLITE)


def step_behind() -> None:
    """Let other threads of the machine go first, those of this process too, before the caller's.

    Never blocks, and has no way back: a second call steps down further. Does nothing where a thread
    has no priority of its own.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), steps_down() + BEHIND)


def steps_down() -> int:
    """The steps that the thread that calls has stepped down, 0 to 19 where the kernel is Linux."""
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

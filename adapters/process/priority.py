"""Work that nobody waits for gives the cores to work that somebody does."""

import os

POLITE = 10
"""Steps down, as `nice` counts them."""


def step_back() -> None:
    """Let every other process of the machine go first. Never blocks, and has no way back.

    Call it once, in a `main`: a second call steps down further. Threads and children that begin
    after it step back too, and those of before do not.
    """
    os.nice(POLITE)

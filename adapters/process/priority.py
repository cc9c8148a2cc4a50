"""Work that nobody waits for gives the cores to work that somebody does."""

import os

POLITE = 10
"""Steps down, as `nice` counts them."""


def step_back() -> None:
    """Let every other process of the machine go first. Never blocks, and has no way back.

    Call it once, in a `main`, before threads and children begin: they are as polite as the thread
    that begins them. A second call steps down further.
    """
    os.nice(POLITE)

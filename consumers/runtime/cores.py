"""How many windows a worker of a model stage works on at a time when nobody says."""

import os

MOST = 4
"""More windows of one session are seldom left at its end."""


def usable_cores() -> int:
    """Return the cores that this process may use, MOST at most."""
    return min(len(os.sched_getaffinity(0)), MOST)

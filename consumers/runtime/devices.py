"""Where the models of a stage run: on a CUDA device, or on cores."""

import os
from collections.abc import Callable

MOST = 4
"""More windows of one session are seldom left at its end."""


def usable_cores() -> int:
    """Return how many windows a worker works on at a time when nobody says.

    That is one for each core that this process may use, MOST at most.
    """
    return min(len(os.sched_getaffinity(0)), MOST)


def on_cuda(device: str, library: str, count_devices: Callable[[], int]) -> bool:
    """Whether models run on a CUDA device. `device` is the setting: auto, cpu or cuda.

    Raises RuntimeError when the setting demands one and `library` sees none.
    """
    found = device != "cpu" and count_devices() > 0
    if device == "cuda" and not found:
        raise RuntimeError(f"LAHSTATS_DEVICE=cuda, but {library} sees no CUDA device")
    return found

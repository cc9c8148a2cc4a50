"""Wall-clock time as an argument: the one place that reads it."""

import time
from collections.abc import Callable

Clock = Callable[[], int]


def unix_ms() -> int:
    """Unix time, milliseconds."""
    return time.time_ns() // 1_000_000

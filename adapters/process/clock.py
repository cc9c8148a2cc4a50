"""Wall-clock time as an argument: `Clock` in signatures, `unix_ms` where a `main` composes.

All stages read the time through a `Clock`. PyJWT alone reads it by itself, to verify a token.
"""

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Unix time in milliseconds."""


def unix_ms() -> int:
    """Unix time, milliseconds."""
    return time.time_ns() // 1_000_000

"""Wall-clock time as an argument: `Clock` in signatures, `unix_ms` where a `main` composes.

All stages read the time through a `Clock`. PyJWT alone reads it by itself, to verify a token.
"""

import time
from collections.abc import Callable

from adapters.process.logs import logger

Clock = Callable[[], int]
"""Unix time in milliseconds."""
SKEW_MS = 60_000
"""A moment further ahead came from a clock that was wrong. It stays until its time is here."""


def unix_ms() -> int:
    """Unix time, milliseconds."""
    return time.time_ns() // 1_000_000


def earlier(own: Clock, other: Clock) -> Clock:
    """A clock that says the earlier of two times: no clock that is ahead decides alone.

    Marks that leave for good because they are old leave by this; one that is behind lets them
    leave later. A call asks `other`, and blocks and raises as that does. A difference is logged.
    """

    def clock() -> int:
        now_ms = own()
        ahead_ms = now_ms - other()
        if abs(ahead_ms) > SKEW_MS:
            logger().error("clocks_differ", ahead_ms=ahead_ms)
        return now_ms - max(0, ahead_ms)

    return clock


class Every:
    """Keeps work at least `period_ms` apart. Does not block; not thread-safe.

    A mark that is far ahead came from a clock that was wrong: the work is due then as well.
    """

    def __init__(self, period_ms: int) -> None:
        """The first work is due at once."""
        self._period_ms = period_ms
        self._marked_ms = 0

    def is_due(self, now_ms: int) -> bool:
        """Whether the period is over at this Unix time."""
        return abs(now_ms - self._marked_ms) >= self._period_ms

    def mark(self, now_ms: int) -> None:
        """A period begins. Before the work, a failure waits for the next one; after it, none."""
        self._marked_ms = now_ms

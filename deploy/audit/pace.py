"""Keeps an audit from being felt: reads of the object store and of sessions are spread in time."""

import time
from collections.abc import Callable

PER_S = 200
"""Reads in a second, at most."""


class Pace:
    """At most `per_s` calls of `wait` return in a second. Blocking; not thread-safe."""

    def __init__(
        self,
        per_s: float = PER_S,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._period_s = 1 / per_s
        self._now = now
        self._sleep = sleep
        self._next_s = 0.0

    def wait(self) -> None:
        """Return when the next read may begin."""
        now_s = self._now()
        self._sleep(max(0.0, self._next_s - now_s))
        self._next_s = max(self._next_s, now_s) + self._period_s

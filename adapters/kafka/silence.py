"""An end to reading what a broker has: one that went away says nothing, for ever."""

import time

from adapters.process.retry import TransientError

MOST_S = 60.0
"""Longer than transactions stay open, and than the client waits before it connects again."""


class Silence:
    """The time since something came. Not thread-safe."""

    def __init__(self) -> None:
        """It begins now."""
        self._began_s = time.monotonic()

    def is_over(self) -> None:
        """Something came: it begins anew."""
        self._began_s = time.monotonic()

    def check(self) -> None:
        """Raises TransientError when nothing came for MOST_S."""
        if time.monotonic() - self._began_s > MOST_S:
            raise TransientError("kafka: no answer")

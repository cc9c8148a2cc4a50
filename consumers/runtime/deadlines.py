"""How long a batch may take: after SIGTERM, and when its work hangs."""

import time

from adapters.process.retry import TransientError

DRAIN_S = 15.0
"""The batch in hand gets so long after SIGTERM, of the 30 s after which a process is killed."""
HANGS_S = 3_600.0
"""Work of a step that counts attempts takes seconds, minutes on a slow machine. After an hour it
hangs, as on an accelerator that was lost."""


class HangsError(RuntimeError):
    """The work never ends, and its thread is never free again: end the process at once."""


class Deadlines:
    """Those of one loop. Never blocks."""

    def __init__(self) -> None:
        """Nobody has said stop."""
        self._stop_s = float("inf")

    def stop(self) -> None:
        """SIGTERM came. Safe in a signal handler."""
        self._stop_s = min(self._stop_s, time.monotonic())

    @property
    def is_stopping(self) -> bool:
        """Whether `stop` was called."""
        return self._stop_s < float("inf")

    def check(self) -> None:
        """Raises TransientError when the batch in hand has no time left."""
        if time.monotonic() > self._stop_s + DRAIN_S:
            raise TransientError(f"it took longer than {DRAIN_S:g} s after SIGTERM")

    def check_work(self, began_s: float) -> None:
        """The same, and HangsError for work that hangs since `began_s` (monotonic)."""
        self.check()
        if time.monotonic() > began_s + HANGS_S:
            raise HangsError(f"the work hangs: {HANGS_S:g} s")

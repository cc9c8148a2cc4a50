"""How long a batch may take: after SIGTERM, when its work hangs, and when its commit is refused."""

import time

from adapters.process.retry import TransientError

DRAIN_S = 15.0
"""The batch in hand gets so long after SIGTERM, of `STOPS_WITHIN_S` of the process."""
HANGS_S = 3_600.0
"""Work of a step that counts attempts takes seconds, minutes on a slow machine. After an hour it
hangs, as on an accelerator that was lost."""

STALE_S = 60.0
"""The group may refuse a membership for so long. A poll tells that it is lost, once the connection
to the coordinator is back: the client's waits for that grow to 10 s."""
AWAY_S = 5.0
"""A commit that takes longer waited for its server."""


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


class Refusals:
    """Commits of one batch that the group refuses, one after the other. Never blocks."""

    def __init__(self) -> None:
        """None was refused yet."""
        self._since_s = float("inf")

    def note(self, began_s: float) -> None:
        """A commit that began then (monotonic) was refused.

        Raises RuntimeError when the group has refused every membership for STALE_S. The time in
        which a commit waited for its server does not count: no member heard of the group meanwhile.
        """
        now_s = time.monotonic()
        if now_s - began_s > AWAY_S:
            self._since_s = now_s
        self._since_s = min(self._since_s, now_s)
        if now_s > self._since_s + STALE_S:
            raise RuntimeError("kafka: the group refuses every membership of ours")

"""Up to when everything was handled: what comes before that and has no answer, gets none."""

from collections import deque
from collections.abc import Sequence
from typing import Protocol

from adapters.kafka.ends import Place
from adapters.process.retry import TransientError

LOOK_MS = 10_000
"""Between two looks at the offsets of all groups."""
ROUNDS = 4
"""More than the messages that follow from one another until the fold of the sessions hears of one.

`cluster` is the farthest: the fold's own message, the one of `attribution`, its answer.
"""
AHEAD_MS = 2 * (ROUNDS + 1) * LOOK_MS
"""So long before a session is due the looks for it begin: all rounds are over by then."""


class Group(Protocol):
    """Port of `adapters.kafka.offsets.GroupOffsets`. Blocking; raises TransientError."""

    def ends(self) -> dict[Place, int]:
        """See `GroupOffsets.ends`."""

    def has_passed(self, ends: dict[Place, int]) -> bool:
        """See `GroupOffsets.has_passed`."""


class Handled:
    """The messages that all of `groups` have handled. Not thread-safe.

    A round begins with the ends of all topics, and is over when every group has passed them: then
    all that was published before it is handled. All that followed from that is handled after the
    next rounds. Offsets are compared, and no times: it does not matter how fast a stage works, nor
    whether it ever catches up.
    """

    def __init__(self, groups: Sequence[Group]) -> None:
        """Asks nothing yet."""
        self._groups = groups
        self._ends: list[dict[Place, int]] = []
        self._began_ms: int | None = None
        self._looked_ms: int | None = None
        self._rounds: deque[int] = deque(maxlen=ROUNDS)

    def until(self, now_ms: int) -> int | None:
        """Returns a time (Unix). Nothing is on its way any more that follows from before it.

        None while nobody knows. Blocking, at most once in LOOK_MS. While Kafka is away the time
        stands still.
        """
        if self._looked_ms is not None and now_ms < self._looked_ms:
            self._forget()
        if self._looked_ms is None or now_ms - self._looked_ms >= LOOK_MS:
            self._looked_ms = now_ms
            try:
                self._look(now_ms)
            except TransientError:
                self._began_ms = None
        return self.known

    def _forget(self) -> None:
        """The clock went back: by the times of before, what is still to come would be handled."""
        self._looked_ms = None
        self._began_ms = None
        self._rounds.clear()

    @property
    def known(self) -> int | None:
        """The same, as of the last look. Asks nothing."""
        return self._rounds[0] if len(self._rounds) == ROUNDS else None

    def _look(self, now_ms: int) -> None:
        if self._began_ms is not None:
            if not self._is_over():
                return
            self._rounds.append(self._began_ms)
        self._ends = [group.ends() for group in self._groups]
        self._began_ms = now_ms

    def _is_over(self) -> bool:
        # Each group is asked, whatever the others say: its client is made at the first look then,
        # and what a process has open grows no more.
        asked = zip(self._groups, self._ends, strict=True)
        passed = [group.has_passed(ends) for group, ends in asked]
        return all(passed)

"""Whether the stages keep up: silence about a session means nothing while they do not."""

from collections.abc import Sequence
from typing import Protocol

from adapters.kafka.consumer import Place
from adapters.process.retry import TransientError

LOOK_MS = 10_000
"""Between two looks at the offsets of all groups."""
LAG_MS = 30_000
"""A stage with an older message before it does not keep up."""


class Group(Protocol):
    """Port of `adapters.kafka.offsets.GroupOffsets`. Blocking; raises TransientError."""

    def ends(self) -> dict[Place, int]:
        """See `GroupOffsets.ends`."""

    def has_passed(self, ends: dict[Place, int]) -> bool:
        """See `GroupOffsets.has_passed`."""


class Steadiness:
    """Since when all of `groups` have kept up. Not thread-safe.

    Offsets are compared, and no times: it does not matter how fast a stage works.
    """

    def __init__(self, groups: Sequence[Group]) -> None:
        """Asks nothing yet."""
        self._groups = groups
        self._ends: list[dict[Place, int]] | None = None
        self._ends_ms = 0
        self._looked_ms: int | None = None
        self._since_ms: int | None = None

    def since(self, now_ms: int) -> int | None:
        """Returns the time (Unix) since when they keep up; None while they do not.

        Blocking, at most once in LOOK_MS. While Kafka is away nobody knows: None.
        """
        if self._looked_ms is not None and 0 <= now_ms - self._looked_ms < LOOK_MS:
            return self._since_ms
        self._looked_ms = now_ms
        try:
            self._look(now_ms)
        except TransientError:
            self._ends = None
            self._since_ms = None
        return self._since_ms

    def _look(self, now_ms: int) -> None:
        if self._ends is None or self._have_passed(self._ends):
            if self._since_ms is None:
                self._since_ms = now_ms
            self._ends = [group.ends() for group in self._groups]
            self._ends_ms = now_ms
        elif now_ms - self._ends_ms > LAG_MS:
            self._since_ms = None

    def _have_passed(self, ends: list[dict[Place, int]]) -> bool:
        return all(group.has_passed(its) for group, its in zip(self._groups, ends, strict=True))

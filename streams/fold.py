"""The type of a fold, as the agent runs it."""

from collections.abc import Callable
from dataclasses import dataclass

from schemas import stages
from schemas.event import Event
from schemas.topics import Topic
from streams.store import Store

Outputs = list[tuple[Topic, Event]]
"""Events to publish, in this order."""
Run = Callable[[Store, Event], Outputs]
"""Reads and writes the store. Raises Rejected for an event that it can never handle."""


def _ignore_write(key: str, value: bytes) -> None:
    """Most folds need no index beside their table."""


@dataclass(frozen=True)
class Fold:
    """One fold of `schemas.stages` and its function.

    `run` may block. `on_write` is called after each write of the table, on the event loop; it must
    not block.
    """

    role: stages.Fold
    run: Run
    on_write: Callable[[str, bytes], None] = _ignore_write

    @property
    def name(self) -> str:
        """The name of the fold and of its table."""
        return self.role.name

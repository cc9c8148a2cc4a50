"""The guard around everything that writes something of a session."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from schemas.ids import SessionId

T = TypeVar("T")


class ErasableStore(Protocol):
    """Port: a place that marks erased sessions. Blocking; TransientError when it is away."""

    def erased(self, sessions: set[SessionId]) -> set[SessionId]:
        """The `sessions` that are marked."""

    def remove(self, sessions: set[SessionId]) -> None:
        """Remove everything of these marked sessions. Repeatable."""


class ErasureGuard:
    """Keeps erased sessions erased while work on them is under way.

    Safe because an eraser sets the marker before it removes anything. The eraser removes
    everything that was written before the marker, and the guard everything that was written later.
    """

    def __init__(self, store: ErasableStore) -> None:
        self._store = store

    def around(
        self, sessions: set[SessionId], work: Callable[[set[SessionId]], T]
    ) -> tuple[T, set[SessionId]]:
        """Call `work` with the sessions that are erased, which it leaves alone. Blocking.

        Returns its result, and the sessions that were erased before it or meanwhile. Everything of
        all of them is removed again: a try before, of a process that was killed say, may have
        written something, and not have come to the second look.
        """
        before = self._store.erased(sessions)
        result = work(before)
        erased = before | self._store.erased(sessions - before)
        self._store.remove(erased)
        return result, erased

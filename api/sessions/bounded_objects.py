"""The object store for readers: a bound on those that wait for it, and an error of its own."""

import threading
from collections.abc import Callable
from typing import TypeVar

from adapters.process.retry import TransientError
from api.sessions.texts import StoredObjects
from schemas.event import Pointer

T = TypeVar("T")
MOST_READS = 8
"""At a time. A store that hangs then holds few of the threads that read the warehouse."""
TURN_S = 1.0
"""Longer than a read takes while the store is well."""


class StoreAwayError(TransientError):
    """The object store does not answer; what needs only the warehouse still works."""


class BoundedObjects:
    """Adapter of `StoredObjects`. Thread-safe, blocking; StoreAwayError when the store is away."""

    def __init__(
        self, objects: StoredObjects, most: int = MOST_READS, turn_s: float = TURN_S
    ) -> None:
        self._objects = objects
        self._turns = threading.BoundedSemaphore(most)
        self._turn_s = turn_s

    def get(self, pointer: Pointer) -> bytes:
        """The bytes. Raises Rejected when there are none."""
        return self._in_turn(lambda: self._objects.get(pointer))

    def keys(self, prefix: str) -> list[str]:
        """Keys that begin with `prefix`, in order."""
        return self._in_turn(lambda: self._objects.keys(prefix))

    def whole(self, key: str) -> tuple[bytes, str]:
        """The object's bytes, and its content type. Raises Rejected when it is gone."""
        return self._in_turn(lambda: self._objects.whole(key))

    def presign(self, key: str) -> str:
        """An address that is good for five minutes. Not blocking."""
        return self._objects.presign(key)

    def _in_turn(self, read: Callable[[], T]) -> T:
        if not self._turns.acquire(timeout=self._turn_s):
            raise StoreAwayError("too many reads wait for the object store")
        try:
            return read()
        except TransientError as error:
            raise StoreAwayError(str(error)) from error
        finally:
            self._turns.release()

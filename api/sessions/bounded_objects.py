"""The object store for readers: a bound on those that wait for it, and an error of its own."""

import threading

from adapters.process.retry import TransientError
from api.sessions.texts import Objects
from schemas.event import Pointer

MOST_READS = 8
"""At a time. A store that hangs then holds few of the threads that read the warehouse."""
TURN_S = 1.0
"""Longer than a read takes while the store is well."""


class StoreAwayError(TransientError):
    """The object store does not answer; what needs only the warehouse still works."""


class BoundedObjects:
    """Adapter of `Objects`. Thread-safe, blocking; StoreAwayError when the store is away."""

    def __init__(self, objects: Objects, most: int = MOST_READS, turn_s: float = TURN_S) -> None:
        self._objects = objects
        self._turns = threading.BoundedSemaphore(most)
        self._turn_s = turn_s

    def get(self, pointer: Pointer) -> bytes:
        """The bytes. Raises Rejected when there are none."""
        if not self._turns.acquire(timeout=self._turn_s):
            raise StoreAwayError("too many reads wait for the object store")
        try:
            return self._objects.get(pointer)
        except TransientError as error:
            raise StoreAwayError(str(error)) from error
        finally:
            self._turns.release()

    def presign(self, key: str) -> str:
        """An address that is good for five minutes. Not blocking."""
        return self._objects.presign(key)

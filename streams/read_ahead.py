"""Objects that a micro-batch will ask for, read side by side before its first event."""

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from schemas.event import Pointer

READERS = 8
"""Objects that are read at a time: most of the time is waiting for the store."""


class Reader(Protocol):
    """Port: the reading half of `adapters.objects.store.BlobStore`."""

    def get(self, pointer: Pointer) -> bytes:
        """The object's bytes. Blocking. Raises Rejected: object_missing or object_damaged."""


class ReadAhead:
    """A reader that begins before it is asked. Not thread-safe."""

    def __init__(self, objects: Reader) -> None:
        self._objects = objects
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="ahead")
        self._begun: dict[Pointer, Future[bytes]] = {}

    def expect(self, pointers: Iterable[Pointer]) -> None:
        """Begins to read these, and forgets all others. Does not block."""
        before = self._begun
        self._begun = {}
        for pointer in pointers:
            begun = before.get(pointer) or self._threads.submit(self._objects.get, pointer)
            self._begun[pointer] = begun

    def get(self, pointer: Pointer) -> bytes:
        """As a reader. Each reading serves once: after an error the object is read anew."""
        begun = self._begun.pop(pointer, None)
        return begun.result() if begun else self._objects.get(pointer)

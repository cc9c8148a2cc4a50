"""Bytes that a parent hands to a child: in memory that both have open.

A pipe takes 64 KiB at a time. A chunk is ten times as long, so both sides woke up for each piece of
it, and on a busy machine each of them waited for its turn.
"""

import os


class Handover:
    """One upload at a time. For one parent and one child; nothing blocks."""

    def __init__(self) -> None:
        self._file = os.fdopen(os.memfd_create("upload"), "wb", buffering=0)

    @property
    def descriptor(self) -> int:
        """For the child to inherit: its number is the same there."""
        return self._file.fileno()

    def put(self, body: bytes) -> None:
        """Replace what is there. Raises OSError when the machine has no memory for it."""
        if os.pwrite(self.descriptor, body, 0) != len(body):
            raise MemoryError("no room for an upload")

    def close(self) -> None:
        """Give the memory back, as far as the child is gone. Repeatable."""
        self._file.close()


def taken(descriptor: int, length: int) -> bytes:
    """The bytes that the parent put there. For the child."""
    return os.pread(descriptor, length, 0)

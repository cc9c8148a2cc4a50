"""One command at a time starts or stops the stack of a folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.devstack.obstacles import StackError


class FolderLock:
    """A lock on a folder. The end of a process gives it back, whatever ended it."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "command.lock"
        self._depth = 0

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold it meanwhile. Its holder may hold it again, as clean-up does.

        Raises StackError when another process does, and OSError when the folder cannot be used.
        """
        if self._depth:
            yield
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            self._lock(descriptor)
            self._depth = 1
            yield
        finally:
            self._depth = 0
            os.close(descriptor)

    def _lock(self, descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode() or "unknown"
            raise StackError(
                f"another `lahstats` (process {holder}) starts or stops the stack in "
                f"{self._file.parent}: wait until it is done"
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)

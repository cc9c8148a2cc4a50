"""One command at a time starts or stops the stack of a folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.process.lock_file import take
from deploy.devstack.obstacles import StackError


class FolderLock:
    """A lock on a folder. The end of a process gives it back, whatever ended it."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "command.lock"
        self._is_held = False

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold it meanwhile. Its holder may hold it again, as clean-up does.

        Raises StackError when another process does, and OSError when the folder cannot be used.
        """
        if self._is_held:
            yield
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = self._take()
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False
            os.close(descriptor)

    def _take(self) -> int:
        descriptor = take(self._file)
        if descriptor is None:
            holder = self._file.read_text() or "unknown"
            raise StackError(
                f"another `lahstats` (process {holder}) starts or stops the stack in "
                f"{self._file.parent}: wait until it is done"
            )
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        return descriptor

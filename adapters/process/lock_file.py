"""A lock file: one live process has it at a time, and its end gives it back, whatever ended it."""

import fcntl
import os
from pathlib import Path


def take(file: Path) -> int | None:
    """Take the lock and return its descriptor; None when somebody else has it. Does not block.

    `os.close` gives it back, and so does the end of this process. Its holder may write into the
    file. All see the same file of a local disk. Raises OSError when it cannot be used.
    """
    descriptor = os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor

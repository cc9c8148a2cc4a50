"""No mutated message may take the machine's memory, or the whole time."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY_BYTES = 3 << 30
"""Of addresses, beside those that the process has already."""


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """The block takes no longer than that, and no more memory than MEMORY_BYTES.

    Raises ResourceWarning, or MemoryError. A process that has loaded models and tables has more
    addresses than that before: a thread that it started got none, and its starter waited for ever.
    """
    limits = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_addresses() + MEMORY_BYTES, limits[1]))
    before = signal.signal(signal.SIGALRM, _too_slow)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
        resource.setrlimit(resource.RLIMIT_AS, limits)


def _addresses() -> int:
    """Bytes of address space that this process has."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def _too_slow(*_: object) -> None:
    raise ResourceWarning("too slow")

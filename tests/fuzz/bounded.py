"""No mutated message may take the machine's memory, or the whole time."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager

MEMORY_BYTES = 3 << 30


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """The block takes no longer than that, and no more memory than MEMORY_BYTES.

    Raises ResourceWarning, or MemoryError.
    """
    limits = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, limits[1]))
    before = signal.signal(signal.SIGALRM, _too_slow)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
        resource.setrlimit(resource.RLIMIT_AS, limits)


def _too_slow(*_: object) -> None:
    raise ResourceWarning("too slow")

"""Work that goes on beside a block of code."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def meanwhile(work: Callable[[], object], every_s: float) -> Iterator[None]:
    """Call `work` each `every_s` seconds, on a thread of its own, until the block ends.

    The end waits for a call that has begun. An error of `work` ends the calls.
    """
    over = threading.Event()

    def repeat() -> None:
        while not over.wait(every_s):
            work()

    thread = threading.Thread(target=repeat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()

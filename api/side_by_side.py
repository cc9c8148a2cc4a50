"""Questions to the warehouse that one caller asks side by side, on threads of their own."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from time import monotonic
from typing import TypeVar

from adapters.process.retry import TransientError

PATIENCE_S = 12.0
"""A caller waits for an answer so long, in the queue and on the way. No thread asks for longer."""
T = TypeVar("T")


class SideBySide:
    """`threads` questions at a time, over all callers.

    A warehouse that hangs takes them all. Callers wait no longer for that, and what nobody waits
    for any more is not asked.
    """

    def __init__(self, name: str, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)

    def start(self, ask: Callable[[], T]) -> Callable[[], T]:
        """Ask on a thread. Not blocking.

        The function that it returns waits for the answer. TransientError when that comes too late.
        """
        give_up_at_s = monotonic() + PATIENCE_S

        def ask_in_time() -> T:
            if monotonic() > give_up_at_s:
                raise TransientError("nobody waits for this query any more")
            return ask()

        return partial(_in_time, self._threads.submit(ask_in_time))


def _in_time(asked: Future[T]) -> T:
    try:
        return asked.result(PATIENCE_S)
    except TimeoutError:
        raise TransientError("the warehouse takes too long") from None

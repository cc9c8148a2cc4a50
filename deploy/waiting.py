"""Waiting for something that another process does: ask again until the answer is good.

A server says at once that it listens on a port, long before its own client says so.
"""

import socket
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
SHORTEST_S = 0.05
LONGEST_S = 1.0
SHARE = 0.1
"""The pause between two questions, of the time that was waited before it. Questions take the
processors from the work that is waited for.
"""

LISTENS_S = 1.0


def until(
    ask: Callable[[], T],
    good: Callable[[T], bool],
    timeout_s: float = 60.0,
    every_s: float | None = None,
    complaint: str = "",
) -> T:
    """Ask until `good(answer)` holds and return that answer.

    Blocking; sleeps `every_s` between two questions. Without it the pauses grow. A measurement
    gives `every_s`. `ask` runs at least once, and once more after the deadline.
    Errors of `ask` go through. Raises TimeoutError with `complaint`, or with the last answer when
    there is none.
    """
    began_s = time.monotonic()
    while True:
        waited_s = time.monotonic() - began_s
        is_last = waited_s >= timeout_s
        answer = ask()
        if good(answer):
            return answer
        if is_last:
            raise TimeoutError(complaint or f"not good after {timeout_s:g} s: {answer!r}")
        time.sleep(_pause_s(waited_s) if every_s is None else every_s)


def _pause_s(waited_s: float) -> float:
    return min(LONGEST_S, max(SHORTEST_S, SHARE * waited_s))


def listens(host: str, port: int, timeout_s: float = LISTENS_S) -> bool:
    """Return whether somebody takes a connection there. Blocks for `timeout_s` at most.

    A yes is not enough to work with: a frozen server takes connections too.
    """
    try:
        socket.create_connection((host, port), timeout_s).close()
    except OSError:
        return False
    return True

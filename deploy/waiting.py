"""Waiting for something that another process does: ask again until the answer is good."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(
    ask: Callable[[], T],
    good: Callable[[T], bool],
    timeout_s: float = 60.0,
    every_s: float = 0.05,
    complaint: str = "",
) -> T:
    """Ask until `good(answer)` holds and return that answer.

    Blocking; sleeps `every_s` between two questions. `ask` runs at least once, and once more
    after the deadline. Errors of `ask` go through. Raises TimeoutError with `complaint`, or with
    the last answer when there is none.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        is_last = time.monotonic() >= deadline
        answer = ask()
        if good(answer):
            return answer
        if is_last:
            raise TimeoutError(complaint or f"not good after {timeout_s:g} s: {answer!r}")
        time.sleep(every_s)

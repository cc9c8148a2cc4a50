"""One policy for transient errors: exponential backoff with jitter for a bounded time, then the error goes up."""

from collections.abc import Callable
from typing import TypeVar

import stamina

from adapters.errors import TransientError

T = TypeVar("T")


def retry_transient(call: Callable[[], T], for_s: float = 60.0) -> T:
    """Blocking. Tries `call` until it works or `for_s` is over; only TransientError is retried."""
    for attempt in stamina.retry_context(
        on=TransientError, attempts=None, timeout=for_s, wait_initial=0.1, wait_max=5.0
    ):
        with attempt:
            return call()
    raise AssertionError("unreachable: the last attempt raises")

"""One policy for transient errors: exponential backoff with jitter for a bounded time.

An error has one of three fates. A transient one is retried here. A rejection
(`schemas.rejections`) becomes a dead letter. Any other crashes the process.
"""

import time
from collections.abc import Callable
from typing import TypeVar

import stamina

T = TypeVar("T")
FIRST_WAIT_S = 0.1


class TransientError(Exception):
    """A server is away: wait and try again. The message names the server, never its contents."""


def retry_transient(call: Callable[[], T], for_s: float = 60.0) -> T:
    """Try `call` until it works or `for_s` seconds are over. Blocking.

    Raises the last TransientError; any other error at once.
    """
    try:
        return call()  # the machinery below costs more than most calls, and few need it
    except TransientError:
        time.sleep(FIRST_WAIT_S)
    for attempt in stamina.retry_context(
        on=TransientError, attempts=None, timeout=for_s, wait_initial=FIRST_WAIT_S, wait_max=5.0
    ):
        with attempt:
            return call()
    raise AssertionError("unreachable: the last attempt raises")

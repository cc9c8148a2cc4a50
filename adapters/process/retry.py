"""One policy for transient errors: exponential backoff with jitter for a bounded time.

A transient error is retried here. A rejection (`schemas.rejections`) becomes a dead letter. An
error that says that the machine or a server is unwell crashes the process. Any other is blamed on
what was worked on, which becomes a dead letter.
"""

import errno
import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    sleep_using_event,
    stop_after_delay,
    stop_when_event_set,
    wait_exponential_jitter,
)

from adapters.process.logs import logger

T = TypeVar("T")
FIRST_WAIT_S = 0.1
LONGEST_WAIT_S = 5.0
PATIENCE_S = 240.0
"""Less than the five minutes after which the group puts a member out that does not poll.

A process that ends starts cold: it loads its models and tables again. So waiting is cheaper.
"""
SAY_EVERY_S = 60.0
"""Between two lines of the log that say what is waited for."""
_stopping = threading.Event()


class TransientError(Exception):
    """A server is away: wait and try again. The message names the server, never its contents."""


class MachineError(Exception):
    """A server refuses everything, or this machine cannot work: nobody's message is to blame."""


OF_MACHINE = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EROFS,
    errno.EIO,
    errno.ENOMEM,
    errno.EMFILE,
    errno.ENFILE,
    errno.EAGAIN,
}
"""Disks, memory, open files and processes (EAGAIN) of the whole machine or process."""
NO_THREAD = ("can't start new thread",)
"""Words of Python where the machine has as many threads and processes as it may have."""
NO_MEMORY = ("out of memory", "allocate memory", "ALLOC_FAILED")
"""Words of libraries for which an accelerator or this machine had no memory."""
ACCELERATOR = ("CUDA", "cuDNN", "CUBLAS", *NO_MEMORY)
"""Words of libraries whose accelerator failed. They have no class of their own for it."""


def is_of_machine(error: BaseException) -> bool:
    """Whether `error` would have come for whatever was worked on."""
    if isinstance(error, MachineError | MemoryError | ConnectionError):
        return True
    if isinstance(error, OSError):
        return error.errno in OF_MACHINE
    return _says(error, (*ACCELERATOR, *NO_THREAD))


def is_out_of_memory(error: BaseException) -> bool:
    """Whether there was no memory for `error`'s work: a smaller part of it may find some."""
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    return isinstance(error, MemoryError) or _says(error, NO_MEMORY)


def _says(error: BaseException, words: Sequence[str]) -> bool:
    if not isinstance(error, RuntimeError):
        return False
    text = str(error)
    return any(word in text for word in words)


def stop_waiting() -> None:
    """Nothing waits for a server any more, on any thread: the process is to end. Never blocks."""
    _stopping.set()


def is_stopping() -> bool:
    """Whether `stop_waiting` was called."""
    return _stopping.is_set()


def retry_transient(call: Callable[[], T], patience_s: float | None = None) -> T:
    """Try `call` until it works, PATIENCE_S is over, or the process is to end. Blocking.

    `patience_s` is for what must not be waited for so long. Raises the last TransientError; any
    other error at once. The log says what is waited for.
    """
    most_s = PATIENCE_S if patience_s is None else patience_s
    try:
        return call()  # the machinery below costs more than most calls, and few need it
    except TransientError:
        _stopping.wait(FIRST_WAIT_S)
    retrying = Retrying(
        retry=retry_if_exception_type(TransientError),
        stop=stop_after_delay(most_s) | stop_when_event_set(_stopping),
        wait=wait_exponential_jitter(
            multiplier=FIRST_WAIT_S, max=LONGEST_WAIT_S, jitter=FIRST_WAIT_S
        ),
        sleep=sleep_using_event(_stopping),
        before_sleep=_Saying(most_s).say,
        reraise=True,
    )
    return retrying(call)


class _Saying:
    """Says what is waited for: after the second failure, and then once in SAY_EVERY_S."""

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._next_s = 0.0

    def say(self, state: RetryCallState) -> None:
        now_s = time.monotonic()
        if now_s < self._next_s or state.outcome is None:
            return
        self._next_s = now_s + SAY_EVERY_S
        logger().warning(
            "waits_for_server",
            reason=str(state.outcome.exception()),
            tries=state.attempt_number + 1,
            patience_s=self._patience_s,
        )

"""A call of the client that may never return."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import TypeVar

from adapters.kafka.client import transient_when_away
from adapters.process.logs import logger

T = TypeVar("T")
LOST_S = 5.0
"""A call that is so much late has lost its answer.

librdkafka 2.16.0 does not always keep the time: after a broker was killed and came back, a call
for the offsets of a transaction never returned.
"""

CLOSE_S = 5.0
"""A client without a call that is under way is closed in milliseconds. SIGTERM waits for it."""


def answer(wait_s: float, call: Callable[..., T], *arguments: object) -> T:
    """Ask the broker by `call`, which has a `timeout`; return its answer. Blocking.

    Raises TransientError when none comes in `wait_s`, or the broker is away.
    """
    with transient_when_away():
        return in_time(wait_s + LOST_S, partial(call, *arguments, timeout=wait_s))


def in_time(limit_s: float, call: Callable[..., T], *arguments: object) -> T:
    """Make the call on a thread that nobody waits for longer than `limit_s`. Blocking.

    Raises what the call raises, and TimeoutError when it does not return. Its thread then keeps
    what the call belongs to until it does. Otherwise nothing keeps it, also when the call failed.

    No error is being handled on the new thread. One that was, while a call failed, would never be
    freed (confluent-kafka 2.16.1): with it would live all clients and messages of its frames.
    """
    outcome = Future[T]()
    thread = threading.Thread(
        target=_make, args=(outcome, call, arguments), name="kafka-call", daemon=True
    )
    thread.start()
    thread.join(limit_s)  # until it ends, it has what the call belongs to
    try:
        return outcome.result(0)
    finally:
        # An error that is raised here keeps this frame, and the outcome keeps the error. A client
        # that was given up would live, with its threads, until all garbage is collected.
        del outcome


def give_back(close: Callable[[], object], if_late: str = "client_not_closed") -> bool:
    """Close a client by `close`, which waits for a call that is under way (measured). Blocking.

    A call without an answer is not waited for longer than CLOSE_S. The client lives on then: the
    log has a line `if_late`, and False is returned.
    """
    try:
        in_time(CLOSE_S, close)
    except TimeoutError:
        logger().warning(if_late)
        return False
    return True


def _make(outcome: Future[T], call: Callable[..., T], arguments: tuple[object, ...]) -> None:
    try:
        result = call(*arguments)
    except Exception as error:  # noqa: BLE001  # it is raised where the call is waited for
        outcome.set_exception(error.with_traceback(None))
    else:
        outcome.set_result(result)

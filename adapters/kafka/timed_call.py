"""A call of the client that may never return."""

import threading
from collections.abc import Callable
from concurrent.futures import Future


def in_time(limit_s: float, call: Callable[..., object], *arguments: object) -> None:
    """Make the call on a thread that nobody waits for longer than `limit_s`. Blocking.

    Raises what the call raises, and TimeoutError when it does not return. Its thread then keeps
    what the call belongs to for ever. Otherwise nothing keeps it, also when the call failed.
    """
    outcome = Future[None]()
    thread = threading.Thread(
        target=_make, args=(outcome, call, arguments), name="kafka-call", daemon=True
    )
    thread.start()
    try:
        outcome.result(limit_s)
    finally:
        # An error that is raised here keeps this frame, and the outcome keeps the error. A client
        # that was given up would live, with its threads, until all garbage is collected.
        del outcome


def _make(
    outcome: Future[None], call: Callable[..., object], arguments: tuple[object, ...]
) -> None:
    try:
        call(*arguments)
    except Exception as error:  # noqa: BLE001  # it is raised where the call is waited for
        outcome.set_exception(error.with_traceback(None))
    else:
        outcome.set_result(None)

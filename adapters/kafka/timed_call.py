"""A call of the client that may never return."""

import threading
from collections.abc import Callable
from concurrent.futures import Future


def in_time(limit_s: float, call: Callable[..., object], *arguments: object) -> None:
    """Make the call on a thread that nobody waits for longer than `limit_s`. Blocking.

    Raises what the call raises, and TimeoutError when it does not return. Its thread then keeps
    what the call belongs to for ever.
    """
    outcome = Future[None]()

    def make() -> None:
        try:
            call(*arguments)
        except Exception as error:  # noqa: BLE001  # it is raised where the call is waited for
            outcome.set_exception(error)
        else:
            outcome.set_result(None)

    threading.Thread(target=make, name="kafka-call", daemon=True).start()
    outcome.result(limit_s)

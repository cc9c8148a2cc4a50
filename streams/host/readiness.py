"""The end of a worker that never gets ready."""

import os
import threading
import time
from collections.abc import Callable

from adapters.process.logs import logger

STALL_S = 300.0
"""Seconds without progress that a worker may be not ready: longer than servers are waited for."""
STALLED = 70
"""Exit status of a worker that took longer. The supervisor starts it again."""


def watch(
    idle_s: Callable[[], float], stall_s: float = STALL_S, end: Callable[[int], object] = os._exit
) -> threading.Thread:
    """Ends the process when `idle_s` says more than `stall_s`. Does not block.

    `idle_s` is called on a thread of its own, and says for how many seconds the worker has not been
    ready and has not come nearer to it. A long recovery makes progress and is left alone.
    """

    def keep_watching() -> None:
        while True:
            if idle_s() > stall_s:
                logger().error("stream_worker_stalled", seconds=stall_s)
                end(STALLED)
                return
            time.sleep(stall_s / 60)

    thread = threading.Thread(target=keep_watching, name="stall-watch", daemon=True)
    thread.start()
    return thread

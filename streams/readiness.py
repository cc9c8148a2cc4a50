"""Whether a worker is ready: noted on its event loop, read by the threads that answer probes and end a stalled one."""

import asyncio
import os
import threading
import time
from collections.abc import Awaitable, Callable

from adapters.process.logs import logger

LOOK_S = 0.2
"""How often the event loop notes it."""
SILENCE_S = 10.0
"""A note older than this says nothing: the event loop hangs."""
STALL_S = 60.0
"""Longer than a rebalance and a recovery of the local stack; a worker that takes longer is started again."""
STALLED = 70


class Readiness:
    """One writer, any number of reading threads; not ready until the first note."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._ready_at = float("-inf")

    def note(self, is_ready: bool) -> None:
        """What is so at this moment."""
        self._ready_at = self._clock() if is_ready else float("-inf")

    def looking(self, ask: Callable[[], bool]) -> Callable[[], Awaitable[None]]:
        """A task for the worker's event loop: `ask` every LOOK_S, for ever."""

        async def look() -> None:
            while True:
                self.note(ask())
                await asyncio.sleep(LOOK_S)

        return look

    @property
    def now(self) -> bool:
        """True when the last note said so and is fresh. Asks nothing of the worker itself."""
        return self._clock() - self._ready_at < SILENCE_S


def watch(
    ready: Callable[[], bool], stall_s: float = STALL_S, end: Callable[[int], object] = os._exit
) -> threading.Thread:
    """End the process when `ready` was false for `stall_s` in a row; the supervisor starts it again. Does not block."""

    def keep_watching() -> None:
        since = time.monotonic()
        while True:
            if ready():
                since = time.monotonic()
            if time.monotonic() - since > stall_s:
                logger().error("stream_worker_stalled", seconds=stall_s)
                end(STALLED)
                return
            time.sleep(stall_s / 60)

    thread = threading.Thread(target=keep_watching, name="stall-watch", daemon=True)
    thread.start()
    return thread

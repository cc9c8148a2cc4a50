"""Whether a worker is ready, and the end of a worker that never gets ready.

The worker's event loop notes its state. Threads that answer probes read the note.
"""

import asyncio
import os
import threading
import time
from collections.abc import Awaitable, Callable

from adapters.process.logs import logger

LOOK_S = 0.2
"""Seconds between two notes of the event loop."""
SILENCE_S = 10.0
"""Seconds after which a note is too old to be believed: the event loop hangs."""
STALL_S = 60.0
"""Seconds that a worker may take to get ready: longer than a rebalance and a recovery take."""
STALLED = 70
"""Exit status of a worker that took longer. The supervisor starts it again."""


class Readiness:
    """One writer, any number of reading threads. Not ready before the first note. Never blocks."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._ready_at = float("-inf")

    def note(self, is_ready: bool) -> None:
        """Notes whether the worker is ready at this moment."""
        self._ready_at = self._clock() if is_ready else float("-inf")

    def looking(self, ask: Callable[[], bool]) -> Callable[[], Awaitable[None]]:
        """Returns a task for the worker's event loop that notes the answer of `ask` for ever."""

        async def look() -> None:
            while True:
                self.note(ask())
                await asyncio.sleep(LOOK_S)

        return look

    @property
    def now(self) -> bool:
        """Whether the last note says ready and is fresh. Calls nothing of the worker."""
        return self._clock() - self._ready_at < SILENCE_S


def watch(
    ready: Callable[[], bool], stall_s: float = STALL_S, end: Callable[[int], object] = os._exit
) -> threading.Thread:
    """Ends the process when `ready` is false for `stall_s` in a row. Does not block."""

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

"""Table recovery that cannot miss its own end, and a watch that ends a worker which never gets ready."""

import asyncio
import os
import threading
import time
from collections.abc import Callable

from faust.tables.manager import TableManager
from faust.tables.recovery import Recovery

from adapters.logs import logger

STALL_S = 60.0
"""Longer than a rebalance and a recovery of the local stack; a worker that takes longer is started again."""
STALLED = 70


class Latch(asyncio.Event):
    """An event that stays set until it is armed again; `clear` does nothing."""

    def clear(self) -> None:
        """Ignored: Faust's changelog reader clears the event on each turn, also before anybody waited for it."""

    def arm(self) -> None:
        """Unset."""
        super().clear()


class LatchedRecovery(Recovery):
    """Faust 0.15.3 loses the end of a recovery shorter than one turn of its loop, and then waits for ever."""

    @property
    def signal_recovery_end(self) -> Latch:
        """One latch for the life of the service."""
        if not isinstance(self._signal_recovery_end, Latch):
            self._signal_recovery_end = Latch()
        return self._signal_recovery_end

    def _set_recovery_started(self) -> None:
        super()._set_recovery_started()
        self.signal_recovery_end.arm()

    async def on_recovery_completed(self, generation_id: int = 0) -> None:
        """Nothing is delivered between the seek to the committed offsets and the resuming of the queues.

        Resuming clears the queues: what was fetched in between was never folded, and no commit passed that gap again.
        """
        self.app.consumer.stop_flow()
        self.app.flow_control.suspend()
        await super().on_recovery_completed(generation_id)


class LatchedTables(TableManager):
    """Faust's table manager with that recovery; `TableManager=` of an app."""

    @property
    def recovery(self) -> LatchedRecovery:
        """As Faust makes it."""
        if not isinstance(self._recovery, LatchedRecovery):
            self._recovery = LatchedRecovery(self.app, self, beacon=self.beacon, loop=self.loop)
        return self._recovery


def watch(ready: Callable[[], bool], stall_s: float = STALL_S, end: Callable[[int], object] = os._exit) -> threading.Thread:
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

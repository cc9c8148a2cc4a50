"""How new the warehouse is: everything that was in the log at some moment is written.

A warehouse without new rows may be idle, or the sink may be unable to write. Readers cannot tell
these apart without this row.
"""

import threading
import time

from adapters.kafka.ends import Place
from adapters.kafka.offsets import GroupProgress
from adapters.process.clock import Clock
from adapters.process.logs import logger
from adapters.process.retry import TransientError
from adapters.warehouse import Statements
from schemas.days import moment

EVERY_S = 5.0
"""Between two looks. While all is well, answers are hardly older than this."""
IDLE_EVERY_S = 15.0
"""The same while nothing comes. A row is a part of a table, which ClickHouse merges."""


class Freshness:
    """Writes the newest moment up to which everything is in the warehouse."""

    def __init__(self, sink: GroupProgress, warehouse: Statements, clock: Clock) -> None:
        self._sink = sink
        self._warehouse = warehouse
        self._clock = clock
        self._asked: tuple[int, dict[Place, int]] | None = None
        self._written: dict[Place, int] | None = None

    def look(self) -> float:
        """One look, and a row once the sink has passed what was there. Blocking; repeatable.

        Returns the seconds to the next one. Raises TransientError when a server is away.
        """
        if self._asked is None:
            now_ms = self._clock()
            self._asked = (now_ms, self._sink.ends())
        until_ms, ends = self._asked
        if not self._sink.has_passed(ends):
            return EVERY_S
        until = moment(until_ms)
        self._warehouse.insert("freshness", ("stage", "until"), [("sink", until)])
        self._asked = None
        is_idle = ends == self._written
        self._written = ends
        return IDLE_EVERY_S if is_idle else EVERY_S

    def start(self) -> None:
        """Look again and again, on a daemon thread. Every sink does so for the whole group."""
        threading.Thread(target=self._run, name="freshness", daemon=True).start()

    def _run(self) -> None:
        while True:
            pause_s = EVERY_S
            try:
                pause_s = self.look()
            except TransientError as error:
                logger().warning("freshness_unknown", reason=str(error))
            except Exception as error:  # noqa: BLE001 - a dead thread would look like a dead sink
                logger().exception("freshness_failed", error=type(error).__name__)
            time.sleep(pause_s)

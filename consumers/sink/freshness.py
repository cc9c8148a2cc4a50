"""How new the warehouse is: everything that was in the log at some moment is written.

A warehouse without new rows may be idle, or the sink may be unable to write. Readers cannot tell
these apart without this row.
"""

import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Protocol

from adapters.kafka.consumer import Place
from adapters.process.clock import Clock
from adapters.process.logs import logger
from adapters.process.retry import TransientError
from adapters.warehouse import Statements

EVERY_S = 5.0
"""Between two looks. While all is well, answers are hardly older than this."""


class Progress(Protocol):
    """Port of `adapters.kafka.offsets.GroupOffsets`: how far the sink is. Blocking."""

    def ends(self) -> dict[Place, int]:
        """The offset after the last message of every partition that has any."""

    def has_passed(self, ends: dict[Place, int]) -> bool:
        """Whether the group committed all of `ends`."""


class Freshness:
    """Writes the newest moment up to which everything is in the warehouse."""

    def __init__(self, sink: Progress, warehouse: Statements, clock: Clock) -> None:
        self._sink = sink
        self._warehouse = warehouse
        self._clock = clock
        self._asked: tuple[int, Mapping[Place, int]] | None = None

    def look(self) -> None:
        """One look, and a row once the sink has passed what was there. Blocking; repeatable.

        Raises TransientError when a server is away.
        """
        if self._asked is None:
            now_ms = self._clock()
            self._asked = (now_ms, self._sink.ends())
        until_ms, ends = self._asked
        if not self._sink.has_passed(dict(ends)):
            return
        until = datetime.fromtimestamp(until_ms / 1000, UTC)
        self._warehouse.insert("freshness", ("stage", "until"), [("sink", until)])
        self._asked = None

    def start(self) -> None:
        """Look again and again, on a daemon thread. Every sink does so for the whole group."""
        threading.Thread(target=self._run, name="freshness", daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                self.look()
            except TransientError as error:
                logger().warning("freshness_unknown", reason=str(error))
            except Exception as error:  # noqa: BLE001 - a dead thread would look like a dead sink
                logger().exception("freshness_failed", error=type(error).__name__)
            time.sleep(EVERY_S)

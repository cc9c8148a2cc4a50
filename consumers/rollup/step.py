"""Exact daily rollups: the days named by `warehouse.changed`, recomputed whole."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from adapters.clock import Clock
from consumers.rollup.cohorts import Cohorts
from consumers.runtime.outcome import DeadLettered, Done, Outcome, Record
from schemas.dead_letters import Reason
from schemas.word_events import WarehouseChanged

WORD_DAILY = """
INSERT INTO word_daily (day, word, count, speakers, sessions, version)
SELECT day, word, sum(n), sum(s), sum(c), {version:UInt64} FROM (
    SELECT day, word, count() AS n, uniqExact(session_id, speaker) AS s, uniqExact(session_id) AS c
    FROM word_events FINAL
    WHERE window_day BETWEEN toDate({day:String}) - 1 AND toDate({day:String}) + 1 AND day = toDate({day:String})
    GROUP BY day, word
    UNION ALL
    SELECT day, word, 0, 0, 0 FROM word_daily FINAL WHERE day = toDate({day:String})
) GROUP BY day, word
"""
"""A word that is no longer said that day is set to 0, so that the former row does not stand."""


class Commands(Protocol):
    """Port of `adapters.warehouse.Warehouse`, as far as the rollup needs it."""

    def command(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Run a statement."""


class Rollup:
    """Many changes of one day cost one recomputation a batch."""

    name = "rollup"
    batch_size = 1_000
    counts_attempts = False

    def __init__(self, warehouse: Commands, clock: Clock, cohorts: Cohorts) -> None:
        self._warehouse, self._clock, self._cohorts = warehouse, clock, cohorts

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        """Blocking."""
        days = sorted({day for r in records if isinstance(r.event, WarehouseChanged) for day in r.event.days})
        for day in days:
            self._warehouse.command(WORD_DAILY, {"day": day, "version": self._clock()})
        self._cohorts.renew()
        return [Done() for _ in records]

    def give_up(self, record: Record) -> DeadLettered:
        """Batches are not counted by attempts; the loop never asks this of the rollup."""
        return DeadLettered(Reason.ATTEMPTS_EXHAUSTED, "rollup")

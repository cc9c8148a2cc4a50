"""Exact daily rollups: the days named by `warehouse.changed`, recomputed whole."""

from collections.abc import Iterable, Sequence

from adapters.process.clock import Clock
from adapters.warehouse import Commands
from consumers.rollup import published_figures
from consumers.rollup.cohorts import Cohorts
from consumers.runtime.outcome import DeadLettered, Done, Outcome, Record
from schemas.rejections import Reason
from schemas.word_events import WarehouseChanged

WORD_DAILY = """
INSERT INTO word_daily (day, word, count, speakers, sessions, version)
SELECT day, word, sum(n), sum(s), sum(k), {version:UInt64} FROM (
    SELECT day, word, count() AS n, uniqExact(session_id, speaker) AS s, uniqExact(session_id) AS k FROM word_events FINAL
    WHERE window_day BETWEEN toDate({day:String}) - 1 AND toDate({day:String}) + 1 AND day = toDate({day:String})
    GROUP BY day, word
    UNION ALL
    SELECT day, word, 0, 0, 0 FROM word_daily FINAL WHERE day = toDate({day:String})
) GROUP BY day, word
"""
"""A word that is no longer said that day is set to 0, so that the former row does not stand."""


def recompute(warehouse: Commands, days: Iterable[str], version: int) -> None:
    """Blocking: everything that is derived from these days, and what may be shown of it."""
    ordered = sorted(set(days))
    for day in ordered:
        warehouse.command(WORD_DAILY, {"day": day, "version": version})
        published_figures.renew_day(warehouse, day, version)
    for month in sorted({f"{day[:7]}-01" for day in ordered}):
        published_figures.renew_month(warehouse, month, version)


class Rollup:
    """Many changes of one day cost one recomputation a batch."""

    name = "rollup"
    batch_size = 1_000
    counts_attempts = False

    def __init__(self, warehouse: Commands, clock: Clock, cohorts: Cohorts) -> None:
        self._warehouse, self._clock, self._cohorts = warehouse, clock, cohorts

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        """Blocking."""
        days = {
            day for r in records if isinstance(r.event, WarehouseChanged) for day in r.event.days
        }
        recompute(self._warehouse, days, self._clock())
        self._cohorts.renew()
        return [Done() for _ in records]

    def give_up(self, record: Record) -> DeadLettered:
        """Batches are not counted by attempts; the loop never asks this of the rollup."""
        return DeadLettered(Reason.ATTEMPTS_EXHAUSTED, "rollup")

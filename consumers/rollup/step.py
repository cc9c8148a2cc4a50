"""Exact totals of days: those that `warehouse.changed` names are computed again, whole."""

from collections.abc import Iterable, Sequence

from adapters.warehouse import Commands
from consumers.rollup import published_figures
from consumers.rollup.cohorts import Cohorts
from consumers.rollup.counts import counting
from consumers.rollup.published_figures import IN_WINDOWS, NOW, OF_DAYS, parameters
from consumers.runtime.housekeeping import keep_house
from consumers.runtime.outcome import DeadLettered, Done, Outcome, Record
from schemas.days import is_storable
from schemas.rejections import Reason
from schemas.word_events import WarehouseChanged

WORD_DAILY = f"""
INSERT INTO word_daily (day, word, count, speakers, sessions, version)
SELECT day, word, sum(words), sum(of_speakers), sum(of_sessions),
    greatest({NOW}, max(former) + 1)
FROM (
    SELECT day, word, count() AS words, uniqExact(session_id, speaker) AS of_speakers,
        uniqExact(session_id) AS of_sessions, toUInt64(0) AS former
    FROM word_events FINAL
    WHERE {IN_WINDOWS} AND {OF_DAYS} AND {counting(OF_DAYS)}
    GROUP BY day, word
    UNION ALL
    SELECT day, word, 0, 0, 0, version FROM word_daily FINAL WHERE {OF_DAYS})
GROUP BY day, word
"""  # noqa: S608 - conditions of ours
"""A word that nobody said that day any more is set to 0, which replaces its former row.

The version is above that of the former row, whatever the clock says: clocks go back.
"""
DAYS_AT_ONCE = 7
"""Few rows of a week cost a statement no more than those of a day. Of many the week is a bound."""
GATHER_S = 0.2
"""A talk that was counted changes its day several times within this time: one computation."""


def recompute(warehouse: Commands, days: Iterable[str]) -> None:
    """Compute everything that is derived from these ISO days. Blocking; repeatable.

    The one of two computations that began to read later wins, on whichever machines they run.
    """
    ordered = sorted(set(days))
    for start in range(0, len(ordered), DAYS_AT_ONCE):
        values = parameters(ordered[start : start + DAYS_AT_ONCE])
        warehouse.command(WORD_DAILY, values)
        published_figures.renew(warehouse, values)


class Rollup:
    """Many changes of one day in a batch cost one computation."""

    name = "rollup"
    batch_size = 1_000
    counts_attempts = False
    gather_s = GATHER_S

    def __init__(self, warehouse: Commands, cohorts: Cohorts) -> None:
        self._warehouse = warehouse
        self._cohorts = cohorts

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        """Blocking; raises TransientError when ClickHouse is away."""
        days: set[str] = set()
        for record in records:
            if isinstance(record.event, WarehouseChanged):
                days |= set(record.event.days)
        recompute(self._warehouse, filter(is_storable, days))
        return [Done() for _ in records]

    def keep_house(self) -> None:
        """Take the snapshots that are due. Blocking; raises as `process` does."""
        keep_house(self.name, self._cohorts.renew)

    def give_up(self, record: Record, reason: Reason, detail: str) -> DeadLettered:
        """The days of this event are as they were."""
        return DeadLettered(reason, detail)

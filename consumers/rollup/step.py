"""Exact daily rollups: the days named by `warehouse.changed`, recomputed whole."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from adapters.clock import Clock
from consumers.rollup.cohorts import Cohorts
from consumers.runtime.outcome import DeadLettered, Done, Outcome, Record
from schemas.dead_letters import Reason
from schemas.word_events import WarehouseChanged

# Who is credited with the voice (written before the notice that brought us here, as claims may not be); whoever recorded
# stands for all voices that nobody claimed, so that people are never counted twice.
PERSON = """
LEFT JOIN (
    SELECT DISTINCT session_id, speaker, user_id FROM user_words FINAL WHERE day = toDate({day:String}) AND (count > 0 OR spoken > 0)) AS c
ON c.session_id = e.session_id AND c.speaker = e.speaker
LEFT JOIN (SELECT session_id, owner FROM sessions FINAL) AS o ON o.session_id = e.session_id
"""
WORD_DAILY = """
INSERT INTO word_daily (day, word, count, speakers, sessions, people, version)
SELECT day, word, sum(n), sum(s), sum(k), sum(p), {version:UInt64} FROM (
    SELECT e.day AS day, e.word AS word, count() AS n, uniqExact(e.session_id, e.speaker) AS s, uniqExact(e.session_id) AS k,
           uniqExact(if(c.user_id != '', c.user_id, o.owner)) AS p
    FROM (
        SELECT day, word, session_id, speaker FROM word_events FINAL
        WHERE window_day BETWEEN toDate({day:String}) - 1 AND toDate({day:String}) + 1 AND day = toDate({day:String})) AS e
    JOINED
    GROUP BY day, word
    UNION ALL
    SELECT day, word, 0, 0, 0, 0 FROM word_daily FINAL WHERE day = toDate({day:String})
) GROUP BY day, word
""".replace("JOINED", PERSON)
"""A word that is no longer said that day is set to 0, so that the former row does not stand."""
DAY_TOTALS = """
INSERT INTO day_totals (day, spoken, sessions, people, version)
SELECT toDate({day:String}), sum(e.n), uniqExactIf(e.session_id, e.n > 0),
       uniqExactIf(if(c.user_id != '', c.user_id, o.owner), e.n > 0), {version:UInt64}
FROM (
    SELECT session_id, speaker, n FROM spoken_windows FINAL ARRAY JOIN speakers AS speaker, spoken AS n WHERE day = toDate({day:String})) AS e
JOINED
""".replace("JOINED", PERSON)


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
            for recompute in (WORD_DAILY, DAY_TOTALS):
                self._warehouse.command(recompute, {"day": day, "version": self._clock()})
        self._cohorts.renew()
        return [Done() for _ in records]

    def give_up(self, record: Record) -> DeadLettered:
        """Batches are not counted by attempts; the loop never asks this of the rollup."""
        return DeadLettered(Reason.ATTEMPTS_EXHAUSTED, "rollup")

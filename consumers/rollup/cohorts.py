"""Snapshots of who was active in a period: what percentiles are read from."""

from datetime import UTC, date, datetime

from adapters.process.clock import Clock
from adapters.warehouse import Statements
from schemas.days import NAMED, bounds, day_of

AGE_MS = 24 * 3600 * 1000
"""A snapshot stands for a day at least."""
LEAST_CHANGE = 5
"""People who must have joined or left before a new one is taken: fewer could be told apart (contracts, section 3)."""
LOOK_MS = 60_000

KNOWN = """
SELECT users, toUnixTimestamp64Milli(taken_at) AS taken_ms
FROM cohorts FINAL WHERE first = toDate({first:String}) AND last = toDate({last:String})
"""
ACTIVE = """
SELECT groupArray(user_id) AS users, groupArray(total) AS totals FROM (
    SELECT user_id, sum(count) AS total FROM user_days FINAL
    WHERE day BETWEEN toDate({first:String}) AND toDate({last:String}) GROUP BY user_id HAVING total > 0 ORDER BY user_id)
"""


class Cohorts:
    """Looks at most once a minute whether a snapshot is due. Periods are those of today in `time_zone`, as the api has them. Blocking."""

    def __init__(self, warehouse: Statements, clock: Clock, time_zone: str) -> None:
        self._warehouse, self._clock, self._time_zone, self._looked_ms = (
            warehouse,
            clock,
            time_zone,
            0,
        )

    def renew(self) -> None:
        """Take the snapshots that are due, of every period that has a name."""
        now = self._clock()
        if now - self._looked_ms < LOOK_MS:
            return
        self._looked_ms = now
        today = date.fromisoformat(day_of(now, self._time_zone))
        for name in NAMED:
            self._renew(*bounds(name, today), now)

    def _renew(self, first: date, last: date, now: int) -> None:
        asked = {"first": first.isoformat(), "last": last.isoformat()}
        known = self._warehouse.query(KNOWN, asked)
        if known and now - known[0]["taken_ms"] < AGE_MS:
            return
        active = self._warehouse.query(ACTIVE, asked)[0]
        if len(set(active["users"]) ^ set(known[0]["users"] if known else ())) >= LEAST_CHANGE:
            row = [
                first,
                last,
                datetime.fromtimestamp(now / 1000, UTC),
                active["users"],
                active["totals"],
            ]
            self._warehouse.insert(
                "cohorts", ["first", "last", "taken_at", "users", "totals"], [row]
            )

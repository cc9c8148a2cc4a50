"""Snapshots of who was active in a period, which percentiles are read from."""

from datetime import UTC, date, datetime

from adapters.process.clock import Clock
from adapters.warehouse import Statements, TypedRow
from consumers.rollup.published_figures import LEAST_CHANGED
from schemas.days import NAMED, bounds, day_of
from schemas.ids import UserId

AGE_MS = 24 * 3600 * 1000
"""A snapshot is kept for a day at least."""
LOOK_MS = 60_000
"""Time between two looks whether a snapshot is due."""

LATEST = """
SELECT users, toUnixTimestamp64Milli(taken_at) AS taken_ms
FROM cohorts FINAL WHERE first = toDate({first:String}) AND last = toDate({last:String})
"""
ACTIVE = """
SELECT groupArray(user_id) AS users, groupArray(total) AS totals
FROM (
    SELECT user_id, sum(count) AS total FROM user_days FINAL
    WHERE day BETWEEN toDate({first:String}) AND toDate({last:String})
    GROUP BY user_id HAVING total > 0 ORDER BY user_id)
"""


class Snapshot(TypedRow, frozen=True, kw_only=True):
    """The latest snapshot of a period: its users, and when it was taken, Unix milliseconds."""

    users: list[UserId]
    taken_ms: int


class Active(TypedRow, frozen=True, kw_only=True):
    """The users with a count in a period, and their totals."""

    users: list[UserId]
    totals: list[int]


class Cohorts:
    """Takes the snapshots. Periods are those of today in `time_zone`, as the api has them."""

    def __init__(self, warehouse: Statements, clock: Clock, time_zone: str) -> None:
        self._warehouse = warehouse
        self._clock = clock
        self._time_zone = time_zone
        self._looked_ms = 0

    def renew(self) -> None:
        """Take the snapshots that are due, of every period that has a name. Blocking.

        Looks at most once a minute; does nothing in between.
        """
        now = self._clock()
        if now - self._looked_ms < LOOK_MS:
            return
        self._looked_ms = now
        today = date.fromisoformat(day_of(now, self._time_zone))
        for name in NAMED:
            first, last = bounds(name, today)
            self._renew(first, last, now)

    def _renew(self, first: date, last: date, now: int) -> None:
        period = {"first": first.isoformat(), "last": last.isoformat()}
        latest = self._warehouse.query(LATEST, period, row=Snapshot)
        if latest and now - latest[0].taken_ms < AGE_MS:
            return
        (active,) = self._warehouse.query(ACTIVE, period, row=Active)
        before = set(latest[0].users) if latest else set()
        # With fewer, the difference of two percentiles could tell what one person said.
        if len(before ^ set(active.users)) >= LEAST_CHANGED:
            self._insert(first, last, now, active)

    def _insert(self, first: date, last: date, now: int, active: Active) -> None:
        taken_at = datetime.fromtimestamp(now / 1000, UTC)
        row = [first, last, taken_at, active.users, active.totals]
        columns = ["first", "last", "taken_at", "users", "totals"]
        self._warehouse.insert("cohorts", columns, [row])

"""Snapshots of who was active in a period, which percentiles are read from.

A snapshot becomes the current one by a single row of `cohorts`. The rows of its people are written
before, and only for people whose counts changed. Until then they show the counts of before. So a
reader sees one snapshot or the other, and a renewal that was cut off is done again.
"""

from datetime import date, timedelta
from itertools import product

from adapters.process.clock import Clock, Every
from adapters.warehouse import Number, Statements, TypedRow
from consumers.rollup.published_figures import LEAST_CHANGED
from schemas.days import NAMED, bounds, day_of
from schemas.limits import DAY_MS

AGE_MS = DAY_MS
"""A snapshot is kept for a day at least."""
LOOK_MS = 60_000
"""Time between two looks whether a snapshot is due."""
LATE_DAYS = 31
"""Days for which a period that is over is still renewed.

Its last evening comes after its last look, and voices are claimed for weeks.
"""

LATEST = """
SELECT first, last, snapshot, toUnixTimestamp64Milli(taken_at) AS taken_ms,
    arraySum(people) AS people
FROM cohorts FINAL WHERE last >= toDate({since:String})
"""
"""Of all periods that a renewal may be about: it looks each minute, and mostly finds none due."""
OF_PERIOD = "first = toDate({first:String}) AND last = toDate({last:String})"
IN_PERIOD = "day BETWEEN toDate({first:String}) AND toDate({last:String})"
STILL_NEXT = f"""
(SELECT max(snapshot) FROM cohorts WHERE {OF_PERIOD}) < {{snapshot:UInt64}}
"""  # noqa: S608
"""Not so when another process took this snapshot meanwhile."""
WRITE = f"""
INSERT INTO cohort_people (first, last, user_id, snapshot, total, former)
SELECT toDate({{first:String}}), toDate({{last:String}}), user_id, {{snapshot:UInt64}}, live, shown
FROM (
    SELECT user_id, sum(of_days) AS live, sum(in_row) AS written, sum(current) AS shown
    FROM (
        SELECT user_id, count AS of_days, 0 AS in_row, 0 AS current
        FROM user_days FINAL WHERE {IN_PERIOD}
        UNION ALL
        SELECT user_id, 0, total, if(snapshot < {{snapshot:UInt64}}, total, former)
        FROM cohort_people FINAL WHERE {OF_PERIOD})
    GROUP BY user_id)
WHERE live != written AND {STILL_NEXT}
"""  # noqa: S608
"""Rows of people whose counts are not what their row says.

A row of this snapshot that an earlier try left is kept or replaced.
"""
WRITTEN = f"""
SELECT user_id FROM cohort_people WHERE {OF_PERIOD} AND snapshot = {{snapshot:UInt64}}
"""  # noqa: S608
GONE = f"""
{OF_PERIOD} AND user_id IN ({WRITTEN}) AND user_id NOT IN (
    SELECT user_id FROM user_days WHERE {IN_PERIOD} AND user_id IN ({WRITTEN}))
"""  # noqa: S608
ANYBODY_GONE = f"SELECT count() AS n FROM cohort_people WHERE {GONE}"  # noqa: S608
FORGET = f"ALTER TABLE cohort_people DELETE WHERE {GONE} SETTINGS mutations_sync = 1"
"""Erasure removes rows of `user_days` first: people who were erased while WRITE ran have none."""
TAKE = f"""
INSERT INTO cohorts (first, last, snapshot, taken_at, totals, people)
SELECT toDate({{first:String}}), toDate({{last:String}}), {{snapshot:UInt64}},
    fromUnixTimestamp64Milli({{now:Int64}}), spread.1, spread.2
FROM (
    SELECT sumMapIf([total], [toUInt64(1)], total > 0) AS spread,
        countIf((total > 0) != (shown > 0)) AS joined_or_left, countIf(shown > 0) AS known
    FROM (
        SELECT total, if(snapshot < {{snapshot:UInt64}}, total, former) AS shown
        FROM cohort_people FINAL WHERE {OF_PERIOD}))
WHERE joined_or_left + {{people:UInt64}} - known >= {{least:UInt64}} AND {STILL_NEXT}
"""  # noqa: S608
"""With fewer changes, the difference of two percentiles could tell what one person said.

The current snapshot names nobody, so it still counts people whose rows erasure removed. They left.
"""


class Snapshot(TypedRow, frozen=True, kw_only=True):
    """The latest snapshot of a period: its number, its time in Unix milliseconds, its people."""

    first: date
    last: date
    snapshot: int = 0
    taken_ms: int = 0
    people: int = 0


class Cohorts:
    """Takes the snapshots. Periods are those of today in `time_zone`, as the api has them."""

    def __init__(self, warehouse: Statements, clock: Clock, time_zone: str) -> None:
        self._warehouse = warehouse
        self._clock = clock
        self._time_zone = time_zone
        self._looks = Every(LOOK_MS)

    def renew(self) -> None:
        """Take the snapshots that are due, of every period that has or had a name. Blocking.

        Looks at most once a minute; does nothing in between.
        """
        now = self._clock()
        if not self._looks.is_due(now):
            return
        self._looks.mark(now)
        named = periods(date.fromisoformat(day_of(now, self._time_zone)))
        since = min(last for _, last in named)
        found = self._warehouse.query(LATEST, {"since": since.isoformat()}, row=Snapshot)
        latest = {(one.first, one.last): one for one in found}
        for first, last in named:
            self._renew(latest.get((first, last)) or Snapshot(first=first, last=last), now)

    def _renew(self, latest: Snapshot, now: int) -> None:
        # A time that is far ahead came from a clock that was wrong.
        if abs(now - latest.taken_ms) < AGE_MS:
            return
        values = {
            "first": latest.first.isoformat(),
            "last": latest.last.isoformat(),
            "snapshot": latest.snapshot + 1,
            "people": latest.people,
            "least": LEAST_CHANGED,
            "now": now,
        }
        self._warehouse.command(WRITE, values)
        (gone,) = self._warehouse.query(ANYBODY_GONE, values, row=Number)
        # A mutation costs more than a look.
        if gone.n:
            self._warehouse.command(FORGET, values)
        self._warehouse.command(TAKE, values)


def periods(today: date) -> list[tuple[date, date]]:
    """Return the first and last days of periods with a name today, or up to LATE_DAYS ago."""
    days = [today - timedelta(days=ago) for ago in range(LATE_DAYS + 1)]
    found = {bounds(name, day) for name, day in product(NAMED, days)}
    return sorted(found)

"""Snapshots of active people: the product's rows for each person, beside one row with everybody.

Both shapes hold the same people and are asked in turn, in one run, on a server of its own.
"""

import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial

from adapters.warehouse import Queries, Warehouse
from api.main import QUERY_THREADS
from api.shared_query_cache import SharedQueryCache
from api.wrapped import queries
from api.wrapped.cards.percentile import Place, place
from api.wrapped.rows import CohortRow, InCohortRow
from api.wrapped.service import SHARED
from consumers.rollup.cohorts import Cohorts
from consumers.rollup.published_figures import LEAST_CHANGED
from deploy.devstack.chdb_server.process import fresh_warehouse
from deploy.table_printer import markdown as table
from schemas.days import NAMED, bounds, moment, unix_ms_of
from schemas.limits import DAY_MS

TODAY = date(2025, 6, 18)
DAYS_EACH = 5
"""Days of this year on which each person said something."""
ASKED = 50
"""Percentiles of each shape, of different people, in turn."""
CHANGED_IN = 100
"""Of so many people one said more between two snapshots, and one in a thousand joined."""
EVERYBODY = """
CREATE TABLE IF NOT EXISTS everybody (
    first Date, last Date, taken_at DateTime64(3, 'UTC'),
    users Array(String), totals Array(UInt64)
) ENGINE = ReplacingMergeTree(taken_at) ORDER BY (first, last)
"""
"""The shape of before: one row with everybody of a period."""
LATEST_OF_EVERYBODY = """
SELECT users FROM everybody FINAL
WHERE first = toDate({first:String}) AND last = toDate({last:String})
"""
ACTIVE = """
SELECT groupArray(user_id) AS users, groupArray(total) AS totals
FROM (
    SELECT user_id, sum(count) AS total FROM user_days FINAL
    WHERE day BETWEEN toDate({first:String}) AND toDate({last:String})
    GROUP BY user_id HAVING total > 0 ORDER BY user_id)
"""
PLACE_IN_EVERYBODY = """
SELECT length(users) AS people, toUInt64(indexOf(users, {user:String})) AS place,
       arrayCount(t -> t < totals[place], totals) AS fewer
FROM everybody FINAL WHERE first = toDate({first:String}) AND last = toDate({last:String})
"""
SAID = """
INSERT INTO user_days (user_id, day, session_id, speaker, words, counts, count, version)
SELECT concat('person-', leftPad(toString(number), 12, '0')),
    toDate('2025-01-01') + cityHash64(number, day) % 360, toString(day), 'S1',
    ['lah'], [n], 1 + toUInt32(cityHash64(number, day, {version:UInt64}) % 400) AS n,
    {version:UInt64}
FROM numbers({from:UInt64}, {count:UInt64}) AS people CROSS JOIN
    (SELECT arrayJoin(range({days:UInt64})) AS day) AS days
WHERE number % {every:UInt64} = 0
"""
COUNTERS = """
SELECT sumIf(value, event = 'SelectedBytes') AS read, sumIf(value, event = 'InsertedRows') AS rows,
    sumIf(value, event = 'InsertedBytes') AS written
FROM system.events
"""
Seen = Callable[[str], None]


@dataclass(frozen=True)
class Cost:
    """The cost of a question or a renewal: milliseconds, bytes read, rows and bytes written."""

    ms: float
    read: int
    rows: int = 0
    written: int = 0


@dataclass(frozen=True)
class Measured:
    """Both shapes with so many people. The first renewal writes everybody in both."""

    people: int
    percentile: Cost
    percentile_before: Cost
    renewal: Cost
    renewal_before: Cost


def measure(sizes: Sequence[int], seen: Seen) -> list[Measured]:
    """Blocking, a minute or so for a million people. Leaves nothing behind."""
    found = []
    for people in sizes:
        with fresh_warehouse() as (settings, warehouse):
            seen(f"{people:,} people")
            found.append(_measured(warehouse, Warehouse(settings, QUERY_THREADS), people))
    return found


def _measured(warehouse: Warehouse, as_api: Warehouse, people: int) -> Measured:
    warehouse.command(EVERYBODY)
    set_counts(warehouse, 0, people, every=1, version=1)
    start = unix_ms_of(datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC))
    renew(warehouse, start)
    renew_everybody(warehouse, start)
    joined = max(LEAST_CHANGED, people // 1000)
    set_counts(warehouse, 0, people, every=CHANGED_IN, version=2)
    set_counts(warehouse, people, joined, every=1, version=2)
    renewal = _cost(warehouse, lambda: renew(warehouse, start + DAY_MS))
    renewal_before = _cost(warehouse, lambda: renew_everybody(warehouse, start + DAY_MS))
    percentile, percentile_before = _percentiles(as_api, people)
    return Measured(people, percentile, percentile_before, renewal, renewal_before)


def set_counts(
    warehouse: Warehouse,
    first: int,
    count: int,
    every: int,
    version: int,
) -> None:
    """Set the counts of every so many of `count` people, from the one with number `first` on."""
    values = {"from": first, "count": count, "every": every, "version": version}
    warehouse.command(SAID, {**values, "days": DAYS_EACH})


def renew(warehouse: Warehouse, now_ms: int) -> None:
    """Renew the snapshots of all periods, as the stage `rollup` does."""
    Cohorts(warehouse, lambda: now_ms, "UTC").renew()


def renew_everybody(warehouse: Warehouse, now_ms: int) -> None:
    """Renew the shape of before: everybody goes through this process and is written anew."""
    for name in NAMED:
        first, last = bounds(name, TODAY)
        period = {"first": first.isoformat(), "last": last.isoformat()}
        latest = warehouse.query(LATEST_OF_EVERYBODY, period)
        (active,) = warehouse.query(ACTIVE, period)
        before = {user for row in latest for user in row["users"]}
        if len(before ^ set(active["users"])) >= LEAST_CHANGED:
            taken_at = moment(now_ms)
            row = [first, last, taken_at, active["users"], active["totals"]]
            columns = ["first", "last", "taken_at", "users", "totals"]
            warehouse.insert("everybody", columns, [row])


def _percentiles(warehouse: Warehouse, people: int) -> tuple[Cost, Cost]:
    """Ask both shapes for the place of the same people. Raises AssertionError when they differ."""
    dice = random.Random(7)  # noqa: S311 - a choice of people, not a secret
    shapes = (
        partial(_place, warehouse, SharedQueryCache(warehouse, SHARED)),
        partial(_place_before, warehouse),
    )
    costs: tuple[list[Cost], list[Cost]] = ([], [])
    for _ in range(ASKED):
        user = f"person-{dice.randrange(people):012}"
        ours, before = (shape(user) for shape in shapes)
        assert ours == before, (ours, before)
        for shape, found in zip(shapes, costs, strict=True):
            found.append(_cost(warehouse, partial(shape, user)))
    return _median(costs[0]), _median(costs[1])


def place_in_cohort(
    warehouse: Queries, shared: Queries, parameters: Mapping[str, str]
) -> Place | None:
    """Return a user's place among everyone, as Wrapped asks for it. Blocking.

    `parameters`: the user, and the first and the last day.
    """
    snapshot = shared.query(queries.COHORT, parameters, row=CohortRow)
    own = warehouse.query(queries.IN_COHORT, parameters, row=InCohortRow)
    return place(snapshot, own)


def _place(warehouse: Warehouse, shared: SharedQueryCache, user: str) -> Place | None:
    return place_in_cohort(warehouse, shared, _asked_for(user))


def _place_before(warehouse: Warehouse, user: str) -> Place | None:
    (row,) = warehouse.query(PLACE_IN_EVERYBODY, _asked_for(user))
    return Place(row["people"], row["fewer"])


def _asked_for(user: str) -> dict[str, str]:
    first, last = bounds("year", TODAY)
    return {"first": first.isoformat(), "last": last.isoformat(), "user": user}


def _cost(warehouse: Warehouse, work: Callable[[], object]) -> Cost:
    (before,) = warehouse.query(COUNTERS)
    began = time.perf_counter()
    work()
    took_ms = 1000 * (time.perf_counter() - began)
    (after,) = warehouse.query(COUNTERS)
    read, rows, written = (after[name] - before[name] for name in ("read", "rows", "written"))
    return Cost(took_ms, read, rows, written)


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        statistics.median(cost.ms for cost in costs),
        round(statistics.median(cost.read for cost in costs)),
    )


def markdown(found: Sequence[Measured]) -> list[str]:
    """Return two tables: a percentile, and a renewal of all periods."""
    return [*_of_percentiles(found), "", *_of_renewals(found)]


def _of_percentiles(found: Sequence[Measured]) -> list[str]:
    columns = ("percentile, people", "ms", "bytes read", "before: ms", "before: bytes read")
    return table(columns, [_asked(one) for one in found])


def _asked(one: Measured) -> list[str]:
    cells = [f"{one.people:,}"]
    for cost in (one.percentile, one.percentile_before):
        cells += [f"{cost.ms:.1f}", f"{cost.read:,}"]
    return cells


def _of_renewals(found: Sequence[Measured]) -> list[str]:
    each = ("ms", "bytes read", "rows written", "bytes written")
    before = [f"before: {name}" for name in each]
    columns = ("renewal of all periods, people", *each, *before)
    return table(columns, [_renewed(one) for one in found])


def _renewed(one: Measured) -> list[str]:
    cells = [f"{one.people:,}"]
    for cost in (one.renewal, one.renewal_before):
        cells += [f"{cost.ms:,.0f}", f"{cost.read:,}", f"{cost.rows:,}", f"{cost.written:,}"]
    return cells

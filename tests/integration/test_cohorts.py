"""Snapshots of who was active in a period: what they show, and when they change."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.process.clock import Clock
from adapters.process.retry import TransientError
from adapters.warehouse import Warehouse
from api.date_range import DateRange
from api.sessions.service import Sessions
from api.sessions.texts import Objects
from api.users import queries as of_users
from api.users.service import Users
from api.wrapped import queries
from api.wrapped.cards.percentile import place
from api.wrapped.rows import CohortRow, InCohortRow
from consumers.erasure.user_erasure import changes
from consumers.rollup import cohorts
from consumers.rollup.cohorts import Cohorts
from consumers.rollup.published_figures import LEAST_CHANGED
from schemas.days import unix_ms_of
from schemas.ids import UserId
from tests.reference.telling import tell

DAY_MS = 24 * 3_600_000
NOW = unix_ms_of(datetime(2028, 3, 15, 12, tzinfo=UTC))
YEAR = {"first": "2028-01-01", "last": "2028-12-31"}
Totals = dict[str, int]
Shown = dict[str, tuple[int, int]]
"""By user: people of the snapshot, and those with fewer counts."""


@pytest.fixture(autouse=True)
def _the_year_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test here looks at another period; `test_ended_periods` has them all."""
    year = (date.fromisoformat(YEAR["first"]), date.fromisoformat(YEAR["last"]))
    monkeypatch.setattr(cohorts, "periods", lambda _: [year])


def credit(warehouse: Warehouse, totals: Totals, version: int) -> None:
    """Sets the counts of these people. 0: everything of theirs was released."""
    columns = ["user_id", "day", "session_id", "speaker", "words", "counts", "count", "version"]
    day = date(2028, 3, 14)
    values = [
        [user, day, "s", "S1", ["lah"] if n else [], [n] if n else [], n, version]
        for user, n in totals.items()
    ]
    if values:
        warehouse.insert("user_days", columns, values)


def shown(warehouse: Warehouse, users: Totals) -> Shown:
    """As the card asks for it."""
    found = {}
    snapshot = warehouse.query(queries.COHORT, YEAR, row=CohortRow)
    for user in users:
        values = {**YEAR, "user": user}
        there = place(snapshot, warehouse.query(queries.IN_COHORT, values, row=InCohortRow))
        if there:
            found[user] = (there.people, there.fewer)
    return found


def wanted(totals: Totals) -> Shown:
    """In plain Python: a snapshot of everybody with a count."""
    active = {user: total for user, total in totals.items() if total}
    return {
        user: (len(active), sum(other < total for other in active.values()))
        for user, total in active.items()
    }


def board(warehouse: Warehouse) -> list[tuple[str, int]]:
    """As the page of everyone asks for it."""
    found = warehouse.query(of_users.BOARD_OF_EVERYONE, {**YEAR, "limit": 100, "user": ""})
    return [(row["user_id"], row["counts"]) for row in found]


def test_everybody_on_the_board_sees_their_own_place(warehouse: Warehouse) -> None:
    """One of 105 people is not on it, and the last two share a place."""
    empty(warehouse)
    crowd = [f"c{n:03}" for n in range(105)]
    columns = ["user_id", "on_board", "revision"]
    warehouse.insert("users", columns, [[user, user != "c050", 1] for user in crowd])
    said = {user: 200 - min(n, 103) for n, user in enumerate(crowd)}
    credit(warehouse, said, 1)
    Cohorts(warehouse, at(NOW), "UTC").renew()
    users = Users(warehouse, Sessions(warehouse, cast(Objects, None)))
    found = {
        user: users.leaderboard(UserId(user), DateRange(date(2028, 1, 1), date(2028, 12, 31)))
        for user in ("c000", "c050", "c102", "c103", "c104", "p0")
    }
    own = {user: (board.you.rank, board.you.counts) for user, board in found.items() if board.you}
    assert own == {"c000": (1, 200), "c102": (102, 98), "c103": (103, 97), "c104": (103, 97)}
    on_it = [user for user in crowd if user != "c050"]
    for board in found.values():
        assert [place.user_id for place in board.board] == on_it[:100]
        assert [place.rank for place in board.board] == list(range(1, 101))


def erase(warehouse: Warehouse, user: str, *tables: str) -> None:
    """As the stage `erasure` does in these tables."""
    values = {"user": user, "until_ms": NOW, "nobody": "erased-x"}
    for change in changes():
        if change.table in tables:
            warehouse.command(f"{change.statement} SETTINGS mutations_sync = 1", values)


def empty(warehouse: Warehouse) -> None:
    """Nobody has said anything. All sixteen people are on the board."""
    tell(warehouse, [])
    warehouse.command("TRUNCATE TABLE users")
    columns = ["user_id", "on_board", "revision"]
    warehouse.insert("users", columns, [[user, True, 1] for user in PEOPLE])


PEOPLE = [f"p{n}" for n in range(16)]
changes_of_people = st.dictionaries(st.sampled_from(PEOPLE), st.integers(0, 4), min_size=1)


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(changes_of_people, st.booleans()), min_size=1, max_size=4))
def test_a_snapshot_is_renewed_whole_when_five_people_joined_or_left(
    warehouse: Warehouse, history: list[tuple[Totals, bool]]
) -> None:
    empty(warehouse)
    live: Totals = {}
    snapshot: Totals = {}
    forgotten: set[str] = set()
    for number, (said, somebody_goes) in enumerate(history):
        credit(warehouse, said, number + 1)
        live |= said
        if somebody_goes:
            gone = min(live)
            erase(warehouse, gone, "user_days", "cohort_people")
            live[gone] = 0
            # The snapshot still counts them. Later words under this id are those of somebody else.
            if gone in snapshot:
                snapshot[f"{gone}, erased"] = snapshot.pop(gone)
                forgotten.add(f"{gone}, erased")
        Cohorts(warehouse, at(NOW + number * DAY_MS), "UTC").renew()
        if len(set(wanted(snapshot)) ^ set(wanted(live))) >= LEAST_CHANGED:
            snapshot = dict(live)
            forgotten = set()
        visible = {user: total for user, total in snapshot.items() if user not in forgotten}
        places = wanted(snapshot)
        assert shown(warehouse, live) == {user: places[user] for user in wanted(visible)}
        assert board(warehouse) == sorted(
            ((user, total) for user, total in visible.items() if total),
            key=lambda found: (-found[1], found[0]),
        )


def at(now_ms: int) -> Clock:
    """A clock that stands."""
    return lambda: now_ms


class Interrupted:
    """A warehouse on which something happens at one statement."""

    def __init__(self, warehouse: Warehouse, statement: str, happens: Callable[[], None]) -> None:
        self._warehouse = warehouse
        self._statement = statement
        self._happens = happens

    def command(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Run the statement after what happens."""
        self._before(sql)
        self._warehouse.command(sql, parameters)

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None, **row: Any) -> Any:
        """Rows of the question after what happens."""
        self._before(sql)
        return self._warehouse.query(sql, parameters, **row)

    def _before(self, sql: str) -> None:
        if sql == self._statement:
            self._happens()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._warehouse, name)


def killed() -> None:
    raise TransientError("killed")


def test_a_renewal_that_was_cut_off_shows_the_snapshot_of_before(warehouse: Warehouse) -> None:
    empty(warehouse)
    before = dict.fromkeys(PEOPLE[:8], 1)
    credit(warehouse, before, 1)
    Cohorts(warehouse, at(NOW), "UTC").renew()
    later = {user: n for n, user in enumerate(PEOPLE)}
    credit(warehouse, later, 2)
    dying = Interrupted(warehouse, cohorts.TAKE, killed)
    with pytest.raises(TransientError):
        Cohorts(dying, at(NOW + DAY_MS), "UTC").renew()
    assert warehouse.query("SELECT max(snapshot) AS n FROM cohort_people")[0]["n"] == 2
    assert shown(warehouse, later) == wanted(before)
    assert board(warehouse) == sorted(before.items())
    last = {**later, PEOPLE[15]: 3, PEOPLE[1]: 1}
    credit(warehouse, last, 3)
    Cohorts(warehouse, at(NOW + DAY_MS), "UTC").renew()
    assert shown(warehouse, later) == wanted(last)


def test_only_people_whose_counts_changed_are_written(warehouse: Warehouse) -> None:
    empty(warehouse)
    credit(warehouse, dict.fromkeys(PEOPLE[:10], 1), 1)
    Cohorts(warehouse, at(NOW), "UTC").renew()
    credit(warehouse, dict.fromkeys(PEOPLE[9:], 2), 2)
    Cohorts(warehouse, at(NOW + DAY_MS), "UTC").renew()
    written = warehouse.query(
        "SELECT user_id FROM cohort_people WHERE snapshot = 2 AND first = {first:String}", YEAR
    )
    assert {row["user_id"] for row in written} == set(PEOPLE[9:])


def test_nobody_who_is_erased_during_a_renewal_stays(warehouse: Warehouse) -> None:
    empty(warehouse)
    credit(warehouse, dict.fromkeys(PEOPLE[:8], 1), 1)

    def erased() -> None:
        # The eraser had nothing to delete in `cohort_people` yet: the rows were on their way.
        erase(warehouse, "p3", "user_days")

    between = Interrupted(warehouse, cohorts.ANYBODY_GONE, erased)
    Cohorts(between, at(NOW), "UTC").renew()
    holds = "SELECT count() AS n FROM cohort_people WHERE user_id = 'p3'"
    assert warehouse.query(holds) == [{"n": 0}]


def test_a_clock_that_goes_back_does_not_stop_renewals(warehouse: Warehouse) -> None:
    empty(warehouse)
    credit(warehouse, dict.fromkeys(PEOPLE[:5], 1), 1)
    Cohorts(warehouse, at(NOW + 60 * DAY_MS), "UTC").renew()  # the clock is two months ahead
    everybody = dict.fromkeys(PEOPLE, 1)
    credit(warehouse, everybody, 2)
    Cohorts(warehouse, at(NOW), "UTC").renew()
    assert shown(warehouse, everybody) == wanted(everybody)

"""Erasures that come again, or once more for somebody who came back."""

from collections.abc import Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.erasure.erasable_objects import is_erased, is_expired
from adapters.process.retry import TransientError
from consumers.erasure.erased_people import AT_ONCE, HERE, LOOK_MS, ErasedPeople
from consumers.erasure.repeats import covered
from consumers.erasure.step import AWAY_S
from consumers.erasure.user_erasure import CREDITED, changes, erase_again
from consumers.erasure.user_releases import GROUPS
from consumers.runtime.outcome import Done, Dropped, Postponed
from schemas import topics
from schemas.claim_events import ForgetRequested
from schemas.erasure import TABLES, Recomputed
from schemas.event import Event
from schemas.ids import EventId, UserId
from schemas.limits import DAY_MS
from schemas.people_events import GroupChangeRequested, UserErased
from schemas.session_events import TextExpired
from tests.erasure_stores import SESSION, Stores, session_erased, statements_of, user_erased
from tests.fakes import RecordedStatements


def test_an_erasure_that_another_one_covers_holds_no_connections() -> None:
    on = Stores(sink_has_passed=False)
    newer = replace(user_erased(), request_id="again", event_id="")
    for event in (user_erased(), newer):
        on.outcome(topics.USERS_DECIDED, event)
    on.sink.passed = True
    covered_one, done = on.process_all(topics.USERS_DECIDED, [user_erased(), newer])
    assert (type(covered_one), type(done)) == (Dropped, Done)
    assert not on.sink.is_connected


LEFT = UserErased(occurred_at_ms=5, user_id=UserId("ann"), request_id="r")
ANN = [{"person": "ann"}]


class CameBack(RecordedStatements):
    """Every table has rows of the person again. `counted`: user_days too, once it was cleaned."""

    def __init__(self, *, counted: bool) -> None:
        super().__init__()
        self._counted = counted
        self.cleaned_when_asked: list[bool] = []

    def _answer(self, sql: str) -> list[dict[str, Any]]:
        if sql != CREDITED:
            return ANN
        tables = [statement.split()[2] for statement, _ in self.commands]
        self.cleaned_when_asked.append("user_days" in tables)
        return ANN if self._counted else []


def test_sixty_equal_erasures_cost_one() -> None:
    once = Stores()
    often = Stores()
    once.process(topics.USERS_DECIDED, user_erased())
    equal: list[Event] = [
        replace(user_erased(), event_id=EventId(""), request_id=f"r{n}", occurred_at_ms=n)
        for n in range(60)
    ]
    outcomes = often.process_all(topics.USERS_DECIDED, equal)
    assert len(often.warehouse.commands) == len(once.warehouse.commands)
    assert [isinstance(outcome, Dropped) for outcome in outcomes] == [True] * 59 + [False]
    assert {dict(values or {}).get("until_ms") for _, values in often.warehouse.commands} <= {
        59,
        None,
    }


def test_an_erasure_covers_none_of_somebody_else_and_none_that_is_newer() -> None:
    first = replace(user_erased(), event_id=EventId(""), request_id="a", occurred_at_ms=9)
    older = replace(user_erased(), event_id=EventId(""), request_id="b", occurred_at_ms=3)
    other = replace(older, event_id=EventId(""), user_id=UserId("else"))
    assert covered([first, older, other, session_erased()]) == {1}


def test_an_erasure_that_comes_twice_is_done_once() -> None:
    """Somebody whose request got no answer in time sends it again: both have one id."""
    for topic, event in (
        (topics.DECIDED, session_erased()),
        (topics.DECIDED, TextExpired(occurred_at_ms=1, session_id=SESSION)),
        (topics.USERS_DECIDED, user_erased()),
    ):
        once = Stores()
        twice = Stores()
        once.process(topic, event)
        again = replace(event, occurred_at_ms=event.occurred_at_ms + 1)
        outcomes = twice.process_all(topic, [event, again])
        assert [type(outcome) for outcome in outcomes] == [Dropped, Done]
        assert len(twice.warehouse.commands) == len(once.warehouse.commands)
        assert is_erased(twice.blobs, SESSION) == is_erased(once.blobs, SESSION)
        assert is_expired(twice.blobs, SESSION) == is_expired(once.blobs, SESSION)


@pytest.mark.parametrize("counted", [True, False])
def test_snapshots_of_somebody_with_counts_since_then_are_left_alone(counted: bool) -> None:
    warehouse = CameBack(counted=counted)
    erase_again(warehouse, [LEFT])
    tables = [change.table for change in changes()]
    snapshots = {table for table in tables if isinstance(TABLES[table].session, Recomputed)}
    assert len(snapshots) > 1
    left_alone = snapshots if counted else set()
    expected = [table for table in tables if table not in left_alone]
    forgotten = [sql for sql in statements_of(warehouse) if " DELETE WHERE 0 " in sql]
    erased = [sql for sql in statements_of(warehouse) if sql not in forgotten]
    assert [sql.split()[2] for sql in erased] == expected
    assert [sql.split()[2] for sql in forgotten] == sorted(set(expected))
    assert warehouse.cleaned_when_asked == [True]  # one question, once the counts are cleaned


def test_nothing_is_rewritten_when_nothing_came_back() -> None:
    warehouse = RecordedStatements()
    erase_again(warehouse, [LEFT])
    assert warehouse.commands == []


class GoesAway(RecordedStatements):
    """One row of somebody came back. The warehouse is away in the middle of the look for more."""

    def __init__(self) -> None:
        super().__init__({"FROM erased_users FINAL": [{"user_id": "ann", "until_ms": 5}]})
        self.is_away = False
        self._came_back = 1

    def _answer(self, sql: str) -> list[dict[str, Any]]:
        if self.is_away:
            raise TransientError("away")
        if "AS whom FROM users " in sql and self._came_back:
            return ANN
        return super()._answer(sql)

    def command(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        super().command(sql, parameters)
        self.is_away = self._came_back > 0
        self._came_back = 0


def test_a_look_that_is_broken_off_leaves_no_statement_with_an_id_behind() -> None:
    """Before, the next look found no row, and the table remembered whose the last one was."""
    warehouse = GoesAway()
    people = ErasedPeople(warehouse, lambda: 0, lambda _: None)
    with pytest.raises(TransientError):
        people.look(LOOK_MS)
    assert [dict(values)["user"] for _, values in warehouse.commands] == ["ann"]
    warehouse.is_away = False
    people.look(LOOK_MS)
    forgotten = [sql.split()[2] for sql in statements_of(warehouse)[1:]]
    assert forgotten == sorted({change.table for change in changes()})
    people.look(2 * LOOK_MS)
    assert len(warehouse.commands) == 1 + len(forgotten)  # nothing is left to be forgotten


class LooksLong(RecordedStatements):
    """To look for people who left takes longer than an erasure that is away is remembered."""

    on: Stores

    def _answer(self, sql: str) -> list[dict[str, Any]]:
        if "FROM erased_users FINAL" in sql:
            self.on.clock_s += 2 * AWAY_S
        return super()._answer(sql)


def test_who_waits_is_not_away_while_the_house_is_kept() -> None:
    """They waited anew, and all that was asked of the folds was asked again."""
    warehouse = LooksLong(
        {"FROM claim_changes FINAL": [{"person": user_erased().user_id, "session_id": SESSION}]}
    )
    on = warehouse.on = Stores(sink_has_passed=False, warehouse=warehouse)
    assert isinstance(on.outcome(topics.USERS_DECIDED, user_erased()), Postponed)
    on.now_ms = on.of_store_ms = LOOK_MS
    on.keep_house()
    assert isinstance(on.outcome(topics.USERS_DECIDED, user_erased()), Postponed)
    assert on.clock_s == 2 * AWAY_S
    assert len(on.published) == 1


def test_the_folds_are_asked_each_day_for_what_came_back_to_them() -> None:
    """A claim that was sent back from the dead letters made credits of theirs for ever."""
    on = Stores()
    person = user_erased().user_id
    on.warehouse.answers["FROM erased_users FINAL"] = [{"user_id": person, "until_ms": 5}]
    on.warehouse.answers[HERE] = [{"person": person}]
    on.warehouse.answers["FROM claim_changes FINAL"] = [{"person": person, "session_id": SESSION}]
    on.warehouse.answers[GROUPS] = [{"person": person, "group_id": "friends"}]
    for day in (1, 2):
        on.now_ms = on.of_store_ms = day * DAY_MS
        on.keep_house()
        on.keep_house()
    assert [type(event) for _, event in on.published] == 2 * [ForgetRequested, GroupChangeRequested]
    assert {event.occurred_at_ms for _, event in on.published} == {5}
    assert len({event.event_id for _, event in on.published}) == 4


class Left(RecordedStatements):
    """Some people left. It counts what it is asked."""

    def __init__(self, people: int) -> None:
        marks = [{"user_id": f"u{n}", "until_ms": 5} for n in range(people)]
        super().__init__({"FROM erased_users FINAL": marks})
        self.questions = 0

    def _answer(self, sql: str) -> list[dict[str, Any]]:
        self.questions += 1
        return super()._answer(sql)


def test_a_look_asks_as_often_for_many_people_as_for_one() -> None:
    """Before, it asked 22 times for each of them, each day for 13 weeks."""
    asked: list[int] = []
    for people in (1, AT_ONCE, 3 * AT_ONCE):
        warehouse = Left(people)
        ErasedPeople(warehouse, lambda: 0, lambda _: None).look(LOOK_MS)
        asked.append(warehouse.questions)
    of_marks = 2  # whom to look for, and whose marks are old
    assert asked[0] == asked[1]
    assert asked[2] - of_marks == 3 * (asked[1] - of_marks)

"""A writer that was paused writes what it read before somebody left: it goes within the hour."""

from collections.abc import Mapping
from typing import Any

from consumers.erasure.erased_people import LOOK_MS, ErasedPeople
from schemas.ids import UserId
from schemas.limits import HOUR_MS
from tests.fakes import RecordedStatements


class LeftAt(RecordedStatements):
    """Two people left, Ann just now and Raj a day before. A late writer wrote a row of each."""

    MARKS = (("ann", LOOK_MS), ("raj", 0))

    def query(
        self, sql: str, parameters: Mapping[str, Any] | None = None, *, row: Any = dict[str, Any]
    ) -> list[Any]:
        values = parameters or {}
        if "FROM erased_users FINAL" in sql:
            found = [user for user, at_ms in self.MARKS if at_ms >= values["since_ms"]]
            return [row(user_id=UserId(user), until_ms=5) for user in found]
        if "AS whom FROM users " in sql:
            return [row(person=user) for user in values["users"]]
        return super().query(sql, parameters, row=row)


def test_those_who_left_lately_are_looked_for_each_hour() -> None:
    """Before, rows that a paused sink wrote late were there until the next day."""
    warehouse = LeftAt()
    people = ErasedPeople(warehouse, lambda: 0, lambda _: None)
    erased: list[list[str]] = []
    for now_ms in (LOOK_MS, LOOK_MS + HOUR_MS, LOOK_MS + 4 * HOUR_MS, 2 * LOOK_MS):
        people.look(now_ms)
        erased.append([values["user"] for _, values in warehouse.commands if "user" in values])
        warehouse.commands.clear()
    assert erased == [["ann", "raj"], ["ann"], [], ["ann", "raj"]]

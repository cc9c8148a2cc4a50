"""Rows of erased sessions in the warehouse: markers, and how the rows go. Blocking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from adapters.warehouse import Parameters, Statements, TypedRow
from schemas.erasure import TABLES, DeleteSession
from schemas.ids import SessionId
from schemas.limits import DAY_MS, FIRST_DAY, LAST_DAY

EPOCH = date(1970, 1, 1)
SLACK = timedelta(days=2)
"""Days are the session's own, in its time zone, cut at 04:00: never further from UTC than this."""
AT_ONCE = 2_000
"""Sessions of one question: its parameters travel in the address, whose length is limited."""
MARKED = """
SELECT session_id, first, last FROM erased_sessions FINAL
WHERE session_id IN {ids:Array(String)}
"""
OF_SESSION = "session_id = {session:String}"
ON_DAYS = "BETWEEN toDate({first:String}) AND toDate({last:String})"
ON_DISK = "SETTINGS mutations_sync = 1"
"""The statement is answered when the parts are rewritten on disk, not when rows are hidden."""


@dataclass(frozen=True)
class Mutation:
    """A deletion, or new values of columns, in the rows of one of our own tables."""

    table: str
    action: str
    where: str

    @property
    def statement(self) -> str:
        """The SQL, without settings."""
        return f"ALTER TABLE {self.table} {self.action} WHERE {self.where}"

    def run(self, warehouse: Statements, values: Parameters) -> None:
        """Blocking until the parts are rewritten; repeatable."""
        warehouse.command(f"{self.statement} {ON_DISK}", values)

    def run_if_any(self, warehouse: Statements, values: Parameters) -> bool:
        """As `run`, but only when a row matches: a mutation costs more than a look.

        Returns whether one did.
        """
        look = f"SELECT 1 AS one FROM {self.table} WHERE {self.where} LIMIT 1"  # noqa: S608
        if not warehouse.query(look, values):
            return False
        self.run(warehouse, values)
        return True


@dataclass(frozen=True)
class Days:
    """The days on which rows of one session may lie, both included."""

    first: date
    last: date

    @classmethod
    def of(cls, recorded_at_ms: int, audio_ms: int) -> Self:
        """The days of a session that began at this Unix time and is that long, in milliseconds.

        A day that no table can hold gives the nearest one that a table can: no clock is so wrong
        that its session cannot be erased.
        """
        earliest = _day(recorded_at_ms) - SLACK
        latest = _day(recorded_at_ms + audio_ms) + SLACK
        after_all = LAST_DAY + timedelta(days=1)
        return cls(max(earliest, EPOCH), min(latest, after_all))

    def each(self) -> tuple[str, ...]:
        """All of them, as `WarehouseChanged` names days."""
        days: list[str] = []
        day = self.first
        while day <= self.last:
            days.append(day.isoformat())
            day += timedelta(days=1)
        return tuple(days)


def _day(unix_ms: int) -> date:
    """The UTC day, or the nearest one of which the warehouse may have rows."""
    since_1970 = unix_ms // DAY_MS  # a timedelta holds no number of milliseconds that is so wrong
    earliest = (FIRST_DAY - EPOCH).days
    latest = (LAST_DAY - EPOCH).days
    return EPOCH + timedelta(days=min(max(since_1970, earliest), latest))


def mark_session(warehouse: Statements, session: SessionId, days: Days) -> None:
    """A sink that looks from now on writes no rows of it. Repeatable."""
    row = [session, days.first, days.last]
    warehouse.insert("erased_sessions", ["session_id", "first", "last"], [row])


def erase_rows(warehouse: Statements, session: SessionId, days: Days) -> None:
    """Delete the session's rows from every table that `schemas/erasure.py` names. Repeatable."""
    for table, rule in TABLES.items():
        if isinstance(rule.session, DeleteSession):
            _erase(warehouse, table, rule.session.day, session, days)


def _erase(
    warehouse: Statements, table: str, day: str | None, session: SessionId, days: Days
) -> None:
    # Without its days every partition of the table would be read for one session.
    where = f"{OF_SESSION} AND {day} {ON_DAYS}" if day else OF_SESSION
    values = {"session": session, "first": str(days.first), "last": str(days.last)}
    Mutation(table, "DELETE", where).run_if_any(warehouse, values)


class Marked(TypedRow, frozen=True, kw_only=True):
    """A marker of an erased session."""

    session_id: SessionId
    first: date
    last: date


class Session(TypedRow, frozen=True, kw_only=True):
    """The id of a session, in the answer to any question for sessions."""

    session_id: SessionId


def _left_in(table: str, day: str | None) -> str:
    of_days = f" AND {day} {ON_DAYS}" if day else ""
    head = f"SELECT DISTINCT session_id FROM {table}"  # noqa: S608 - names of our own tables
    return f"{head} WHERE session_id IN {{ids:Array(String)}}{of_days}"


class ErasableRows:
    """The warehouse as `ErasureGuard` needs it."""

    def __init__(self, warehouse: Statements) -> None:
        self._warehouse = warehouse

    def erased(self, sessions: set[SessionId]) -> set[SessionId]:
        """The `sessions` that are marked."""
        return {row.session_id for row in self._marked(sessions)}

    def remove(self, sessions: set[SessionId]) -> None:
        """Delete the rows of these marked sessions."""
        for row in self.left(self._marked(sessions)):
            erase_rows(self._warehouse, row.session_id, Days(row.first, row.last))

    def left(self, marked: Sequence[Marked]) -> list[Marked]:
        """Those of the markers whose sessions have rows which go with them."""
        found: list[Marked] = []
        for start in range(0, len(marked), AT_ONCE):
            some = marked[start : start + AT_ONCE]
            left = self._left(some)
            found += [row for row in some if row.session_id in left]
        return found

    def _left(self, marked: Sequence[Marked]) -> set[SessionId]:
        """Those that have rows which go with their session. One question for each table."""
        values = {
            "ids": [one.session_id for one in marked],
            "first": str(min(one.first for one in marked)),
            "last": str(max(one.last for one in marked)),
        }
        found: set[SessionId] = set()
        for table, rule in TABLES.items():
            if isinstance(rule.session, DeleteSession):
                rows = self._warehouse.query(_left_in(table, rule.session.day), values, row=Session)
                found |= {row.session_id for row in rows}
        return found

    def _marked(self, sessions: set[SessionId]) -> list[Marked]:
        ids = sorted(sessions)
        marked: list[Marked] = []
        for start in range(0, len(ids), AT_ONCE):
            some = {"ids": ids[start : start + AT_ONCE]}
            marked += self._warehouse.query(MARKED, some, row=Marked)
        return marked

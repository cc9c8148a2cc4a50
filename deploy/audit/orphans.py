"""Folders and rows of sessions that nobody knows. Blocking; small questions."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Protocol

from adapters.erasure.erasable_rows import Days
from adapters.warehouse import Queries, TypedRow
from deploy.audit.pace import Pace
from deploy.audit.report import Difference
from deploy.batches import batches
from schemas.erasure import TABLES, DeleteSession
from schemas.ids import SessionId
from schemas.object_kinds import KINDS

AT_ONCE = 500
"""Folders whose sessions are looked up together."""
MOST = 1_000
"""Orphans of one table that are listed. More of them say nothing new."""
KNOWN = "SELECT session_id FROM sessions WHERE session_id IN {ids:Array(String)}"
OF_NOBODY = "session_id NOT IN (SELECT session_id FROM sessions)"
OF_ERASED = "session_id IN (SELECT session_id FROM sessions FINAL WHERE state = 'erased')"
LETTERS = "dead_letters"
"""A message of a session that nobody knows is rejected: that is what its row is for."""
ADVICE = "Nothing refers to it: look at it, then remove it by hand."


class Folders(Protocol):
    """Port: the store, as folders."""

    def folders(self, prefix: str) -> Iterator[str]:
        """Yield the names of the folders right under `prefix`, in order. Blocking."""


class Id(TypedRow, frozen=True, kw_only=True):
    """A session's id."""

    session_id: SessionId


Places = defaultdict[SessionId, set[str]]
"""The folders and tables that something of a session is in."""


class Orphans:
    """Candidates are taken before the log is read. A session that the log knows is no orphan."""

    def __init__(
        self,
        blobs: Folders,
        warehouse: Queries,
        days: Days,
        pace: Pace,
    ) -> None:
        """Look for candidates in the store, and in rows on `days`."""
        self._warehouse = warehouse
        self._days = days
        self._candidates: Places = defaultdict(set)
        self._note_folders(blobs, pace)
        for table, session_id in self._sessions_where(OF_NOBODY):
            if table != LETTERS:
                self._candidates[session_id].add(table)
        self._erased: Places = defaultdict(set)
        for table, session_id in self._sessions_where(OF_ERASED):
            self._erased[session_id].add(table)

    def _note_folders(self, blobs: Folders, pace: Pace) -> None:
        """Note the folders in the store whose sessions the warehouse does not know."""
        for root in _roots():
            for names in batches(blobs.folders(root), AT_ONCE):
                pace.wait()
                for session_id in self._unknown(names):
                    self._candidates[session_id].add(f"{root}{session_id}/")

    def _unknown(self, folders: list[str]) -> set[SessionId]:
        """The names of those folders whose sessions the warehouse does not know."""
        rows = self._warehouse.query(KNOWN, {"ids": folders}, row=Id)
        known = {row.session_id for row in rows}
        return {SessionId(name) for name in folders} - known

    def _sessions_where(self, condition: str) -> Iterator[tuple[str, SessionId]]:
        """Each table of sessions, with the sessions that have rows in it and meet a condition."""
        parameters = {
            "first": str(self._days.first),
            "last": str(self._days.last),
            "most": MOST,
        }
        for table, rule in TABLES.items():
            if isinstance(rule.session, DeleteSession):
                sql = _question(table, rule.session.day, condition)
                for row in self._warehouse.query(sql, parameters, row=Id):
                    yield table, row.session_id

    def know(self, session_id: SessionId) -> None:
        """The log has this session: nothing of it is an orphan."""
        self._candidates.pop(session_id, None)

    def left_over(self, session_id: SessionId) -> frozenset[str]:
        """Return the tables that have rows of this session, which is erased."""
        return frozenset(self._erased.get(session_id, ()))

    def differences(self) -> Iterator[Difference]:
        """Yield folders and tables of sessions that nobody knows."""
        for session_id, places in self._candidates.items():
            for place in sorted(places):
                yield Difference(
                    session_id=session_id,
                    where=place,
                    what="no session is known that this belongs to",
                    advice=ADVICE,
                )


def _question(table: str, day: str | None, condition: str) -> str:
    """Return the SELECT of a table's sessions that meet `condition`. `day`: its column of days."""
    if day is not None:
        condition += f" AND {day} BETWEEN toDate({{first:String}}) AND toDate({{last:String}})"
    head = f"SELECT DISTINCT session_id FROM {table}"  # noqa: S608 - names of our own tables
    return f"{head} WHERE {condition} LIMIT {{most:UInt32}}"


def _roots() -> list[str]:
    """The first folders of everything that belongs to a session, but marks that outlive it."""
    kinds = [kind for kind in KINDS if kind.goes_with_session]
    return sorted({f"{kind.template.partition('/')[0]}/" for kind in kinds})

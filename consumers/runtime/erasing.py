"""Rows of erased sessions: which are marked, and how they go. Blocking."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from adapters.warehouse import Row, Statements

DATED = {
    "word_events": "window_day",
    "spoken_windows": "day",
    "user_words": "day",
    "user_days": "day",
}
"""Tables cut by day: without it every partition would be read for one session."""
UNDATED = (
    "user_voices", "speaker_totals", "session_totals", "claims", "session_objects", "clips", "progress", "expired_texts", "window_work",
    "provisional_etas", "provisional_voices", "provisional_words",
)  # fmt: skip
KEPT = frozenset({"sessions", "group_sessions", "requests"})
"""What is left of an erased session: that it was, whose, when, and what was answered."""
AROUND = timedelta(days=2)
"""Days are the session's own, in its time zone, cut at 04:00: never further from UTC than this."""
AT_ONCE = 2_000
"""Sessions of one question: its parameters travel in the address, which a server does not take at any length."""
MARKED = "SELECT * FROM erased_sessions FINAL WHERE session_id IN {ids:Array(String)}"
GONE = " SETTINGS mutations_sync = 1"
"""Rewritten on disk, not only hidden, before the statement is answered."""


def span(recorded_at_ms: int, audio_ms: int) -> tuple[date, date]:
    """Days on which rows of a session may lie, both included."""
    start, end = (
        datetime.fromtimestamp(ms / 1000, UTC).date()
        for ms in (recorded_at_ms, recorded_at_ms + audio_ms)
    )
    return start - AROUND, end + AROUND


def each(first: date, last: date) -> tuple[str, ...]:
    """These days, both included, as `WarehouseChanged` names them."""
    return tuple((first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1))


def marked(warehouse: Statements, sessions: Iterable[str]) -> dict[str, tuple[date, date]]:
    """Those of `sessions` that were erased, with the days on which their rows may lie."""
    asked = sorted(set(sessions))
    found: list[Row] = []
    for start in range(0, len(asked), AT_ONCE):
        found += warehouse.query(MARKED, {"ids": asked[start : start + AT_ONCE]})
    return {row["session_id"]: (row["first"], row["last"]) for row in found}


def mark(warehouse: Statements, session: str, days: tuple[date, date]) -> None:
    """From now on a sink that looks writes no rows of it."""
    warehouse.insert("erased_sessions", ["session_id", "first", "last"], [[session, *days]])


def erase_rows(warehouse: Statements, session: str, days: tuple[date, date]) -> None:
    """Everything but `KEPT`. Repeatable."""
    asked = {"session": session, "first": days[0].isoformat(), "last": days[1].isoformat()}
    of_session = "session_id = {session:String}"
    for table, day in DATED.items():
        where = (
            f"{of_session} AND {day} BETWEEN toDate({{first:String}}) AND toDate({{last:String}})"
        )
        _erase(warehouse, table, where, asked)
    for table in UNDATED:
        _erase(warehouse, table, of_session, asked)


def _erase(warehouse: Statements, table: str, where: str, asked: Mapping[str, Any]) -> None:
    # A mutation costs more than a look, and most tables have nothing of most sessions when a late row is swept up.
    if warehouse.query(f"SELECT 1 AS one FROM {table} WHERE {where} LIMIT 1", asked):  # noqa: S608 - names of our own tables
        warehouse.command(f"ALTER TABLE {table} DELETE WHERE {where}{GONE}", asked)

"""Reads the rows of some sessions from the warehouse. Small questions, one thread of the server."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from adapters.erasure.erasable_rows import Days
from adapters.warehouse import Queries
from deploy.audit.stored_rows import (
    ClaimRow,
    DayRow,
    ListedRow,
    ObjectRow,
    OfSession,
    SpeakerRow,
    SpokenRow,
    StoredRows,
    TotalRow,
    VerdictRow,
    VoiceRow,
    WordRow,
)
from schemas.ids import SessionId

AT_ONCE = 50
"""Sessions of one question."""
OF = "WHERE session_id IN {ids:Array(String)}"
DAYS = "BETWEEN toDate({first:String}) AND toDate({last:String})"
"""Without its days a question about one session would read every partition of the table."""


@dataclass(frozen=True)
class Question:
    """The rows of one table: where they go, and the table's column of days if it is cut by one."""

    into: str
    table: str
    row: type[OfSession]
    day: str = ""
    computed: tuple[tuple[str, str], ...] = ()

    @property
    def sql(self) -> str:
        """The SELECT of exactly the fields of `row`, as a reader sees them."""
        computed = dict(self.computed)
        names = [
            f"{computed[name]} AS {name}" if name in computed else name
            for name in self.row.__struct_fields__
        ]
        days = f" AND {self.day} {DAYS}" if self.day else ""
        columns = ", ".join(names)
        return f"SELECT {columns} FROM {self.table} FINAL {OF}{days}"  # noqa: S608


MISSING = (("missing_from_ms", "missing.start_ms"), ("missing_to_ms", "missing.end_ms"))
QUESTIONS = (
    Question(
        "words",
        "word_events",
        WordRow,
        "window_day",
        (("said_ms", "toUnixTimestamp64Milli(said_at)"),),
    ),
    Question("spoken", "spoken_windows", SpokenRow, "day"),
    Question("speakers", "speaker_totals", SpeakerRow),
    Question("totals", "session_totals", TotalRow, "", MISSING),
    Question("days", "user_days", DayRow, "day"),
    Question("voices", "user_voices", VoiceRow),
    Question("claims", "claims", ClaimRow),
    Question(
        "verdicts",
        "verdicts",
        VerdictRow,
        "",
        (("said_ms", "toUnixTimestamp64Milli(said_at)"),),
    ),
    Question(
        "listed",
        "sessions",
        ListedRow,
        "",
        (("recorded_ms", "toUnixTimestamp64Milli(recorded_at)"),),
    ),
    Question("objects", "session_objects", ObjectRow),
)


def stored_rows(
    warehouse: Queries, sessions: Sequence[SessionId], days: Days
) -> defaultdict[SessionId, StoredRows]:
    """Return the rows of these sessions, AT_ONCE of them at most, on `days`. Blocking.

    Raises TransientError when ClickHouse is away.
    """
    found: defaultdict[SessionId, StoredRows] = defaultdict(lambda: StoredRows(read_on=days))
    values = {"ids": list(sessions), "first": str(days.first), "last": str(days.last)}
    for question in QUESTIONS:
        for row in warehouse.query(question.sql, values, row=question.row):
            getattr(found[row.session_id], question.into).append(row)
    return found


def are_still(warehouse: Queries, session_id: SessionId, rows: StoredRows) -> bool:
    """Return whether the session has these rows now, in whatever order. As `stored_rows`."""
    now = stored_rows(warehouse, [session_id], rows.read_on)[session_id]
    return now.in_order() == rows.in_order()

"""The sink and erased sessions: what it writes of them, and what it takes away again."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from adapters.erasure.erasable_rows import ErasableRows
from consumers.runtime.outcome import Record
from consumers.sink.step import Sink
from schemas import topics
from schemas.ids import SessionId
from schemas.session_events import TextExpired
from schemas.session_rows import SessionListing
from schemas.word_events import WordsCounted
from tests.erasure_stores import DELETED, SESSION, statements_of
from tests.fakes import RecordedStatements
from tests.golden import example_of


def marked(event_session: SessionId) -> dict[str, Any]:
    days = {"first": date(2026, 1, 1), "last": date(2026, 1, 3)}
    return {"session_id": event_session, **days}


def test_the_sink_writes_of_an_erased_session_only_that_it_is_erased() -> None:
    warehouse = RecordedStatements()
    counted = example_of(WordsCounted)
    listing = example_of(SessionListing)
    warehouse.answers["FROM erased_sessions"] = [
        marked(session) for session in {counted.session_id, listing.session_id}
    ]
    records = [
        Record(topics.COUNTED, 0, 1, counted),
        Record(topics.DIRECTORY, 0, 2, listing),
    ]
    Sink(warehouse, lambda: 5).process(records)
    assert {table for table, _, _ in warehouse.written} <= {"sessions", "group_sessions"}
    assert warehouse.written


class MarkedMeanwhile(RecordedStatements):
    """A warehouse in which the session is marked while the sink writes."""

    def _answer(self, sql: str) -> list[dict[str, Any]]:
        if "FROM erased_sessions" in sql:
            return [marked(SESSION)] if self.written else []
        if "DISTINCT session_id" in sql:
            return [{"session_id": SESSION}]
        return [{"one": 1}] if "AS one" in sql else super()._answer(sql)


def test_the_sink_removes_what_it_wrote_while_a_session_was_erased() -> None:
    warehouse = MarkedMeanwhile()
    Sink(warehouse, lambda: 5).process(
        [Record(topics.DECIDED, 0, 1, TextExpired(occurred_at_ms=1, session_id=SESSION))]
    )
    assert [table for table, _, _ in warehouse.written] == ["expired_texts"]
    assert [sql.split()[2] for sql in statements_of(warehouse)] == DELETED


class Asked(RecordedStatements):
    """A warehouse in which every session is erased, and nothing is left of it."""

    def __init__(self) -> None:
        super().__init__()
        self.questions: list[str] = []

    def query(
        self, sql: str, parameters: Mapping[str, Any] | None = None, *, row: Any = dict[str, Any]
    ) -> list[Any]:
        self.questions.append(sql)
        if "FROM erased_sessions" in sql:
            answer = [marked(session) for session in (parameters or {})["ids"]]
            return msgspec.convert(answer, list[row])
        return []


def test_each_table_is_asked_once_what_is_left_of_all_sessions() -> None:
    """Somebody who leaves may erase hundreds of sessions: nobody's counts wait for each of them."""
    warehouse = Asked()
    ErasableRows(warehouse).remove({SessionId(f"session-{n}") for n in range(300)})
    asked = [sql for sql in warehouse.questions if "FROM erased_sessions" not in sql]
    assert len(asked) == len(DELETED)
    assert warehouse.commands == []


def test_nobody_is_asked_about_sessions_of_which_only_rows_that_stay_are_written() -> None:
    warehouse = Asked()
    record = Record(topics.DIRECTORY, 0, 2, example_of(SessionListing))
    Sink(warehouse, lambda: 5).process([record])
    assert warehouse.questions == []
    assert warehouse.written


def test_markers_are_read_in_questions_of_bounded_length() -> None:
    lengths: list[int] = []

    class Counting(RecordedStatements):
        def query(
            self,
            sql: str,
            parameters: Mapping[str, Any] | None = None,
            *,
            row: Any = dict[str, Any],
        ) -> list[Any]:
            lengths.append(len((parameters or {})["ids"]))
            return []

    sessions = {SessionId(f"session-{n}") for n in range(4_500)}
    assert ErasableRows(Counting()).erased(sessions) == set()
    assert lengths == [2_000, 2_000, 500]

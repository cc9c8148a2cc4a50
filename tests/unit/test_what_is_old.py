"""Marks of what was erased are kept as long as anything of it can come back, whatever a clock says.

The earlier of two clocks decides: that of the stage, and that of the object store.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.erasure.record import ErasureRecord
from adapters.process.clock import SKEW_MS, earlier
from schemas import topics
from schemas.retention import MARKS_MS
from tests.erasure_stores import Stores, session_erased, user_erased
from tests.fakes import RecordedStatements

NOW_MS = 1_800_000_000_000
MONTHS_MS = 2 * MARKS_MS


class Dated(RecordedStatements):
    """Notes before which moment the marks are that each question and statement is about."""

    def __init__(self) -> None:
        super().__init__({"SELECT 1 AS one FROM erased_users": [{"one": 1}]})
        self.before_ms: list[int] = []

    def query(
        self, sql: str, parameters: Mapping[str, Any] | None = None, *, row: Any = dict[str, Any]
    ) -> list[Any]:
        self._note(parameters)
        return super().query(sql, parameters, row=row)

    def command(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        self._note(parameters)
        super().command(sql, parameters)

    def _note(self, parameters: Mapping[str, Any] | None) -> None:
        if parameters and "before_ms" in parameters:
            self.before_ms.append(parameters["before_ms"])


@pytest.mark.parametrize("ahead", ["own", "the store's", "none"])
def test_no_clock_that_is_ahead_makes_a_mark_old(tmp_path: Path, ahead: str) -> None:
    """Before, the stage's own clock alone removed marks of sessions, of people, and the record."""
    warehouse = Dated()
    on = Stores(warehouse=warehouse, record=ErasureRecord(tmp_path, lambda: NOW_MS))
    on.record.note(session_erased())
    on.now_ms = NOW_MS + (MONTHS_MS if ahead == "own" else 0)
    on.of_store_ms = NOW_MS + (MONTHS_MS if ahead == "the store's" else 0)
    on.keep_house()
    assert len(warehouse.before_ms) >= 3  # sessions, people, and the deletion of those
    assert set(warehouse.before_ms) == {NOW_MS - MARKS_MS}
    assert list(on.record.since(0)) == [session_erased()]


def test_what_is_old_by_both_clocks_is_forgotten(tmp_path: Path) -> None:
    warehouse = Dated()
    on = Stores(warehouse=warehouse, record=ErasureRecord(tmp_path, lambda: NOW_MS))
    on.record.note(session_erased())
    on.now_ms = NOW_MS + MONTHS_MS
    on.of_store_ms = NOW_MS + MONTHS_MS
    on.keep_house()
    assert set(warehouse.before_ms) == {NOW_MS + MONTHS_MS - MARKS_MS}
    assert list(on.record.since(0)) == []


def test_a_person_is_marked_as_of_the_request_by_a_clock_that_is_behind() -> None:
    """Before, such a mark was old at once, and nobody looked for what comes back of them."""
    on = Stores()
    on.process(topics.USERS_DECIDED, user_erased())
    (marked, *_) = [values for sql, values in on.warehouse.commands if "INSERT" in sql]
    assert marked["now_ms"] == user_erased().occurred_at_ms


@pytest.mark.parametrize(("other_ms", "times"), [(NOW_MS - SKEW_MS - 1, 1), (NOW_MS + 1, 0)])
def test_clocks_that_differ_are_said(other_ms: int, times: int) -> None:
    with capture_logs() as lines:
        assert earlier(lambda: NOW_MS, lambda: other_ms)() == min(NOW_MS, other_ms)
    assert [line["event"] for line in lines] == ["clocks_differ"] * times

"""Erasure of sessions and of texts, without servers."""

from datetime import date
from pathlib import Path

import pytest

from adapters.erasure.erasable_objects import is_erased, is_expired
from adapters.erasure.erasable_rows import Days
from adapters.erasure.record import ErasureRecord
from adapters.process.retry import is_of_machine
from consumers.runtime.outcome import Done
from schemas import topics
from schemas.session_events import TextExpired
from schemas.word_events import WarehouseChanged
from tests.erasure_stores import (
    AUDIO,
    DELETED,
    MORNING_MS,
    SESSION,
    WORDS,
    Stores,
    session_erased,
    statements_of,
)


def test_days_of_a_session_have_slack_for_every_time_zone() -> None:
    days = Days.of(MORNING_MS, 24 * 3_600_000)
    assert (days.first, days.last) == (date(2025, 12, 30), date(2026, 1, 4))
    assert days.each() == (
        "2025-12-30",
        "2025-12-31",
        "2026-01-01",
        "2026-01-02",
        "2026-01-03",
        "2026-01-04",
    )


def test_an_erased_session_loses_its_objects_and_is_marked_everywhere() -> None:
    on = Stores()
    outcome = on.process(topics.DECIDED, session_erased())
    assert is_erased(on.blobs, SESSION)
    assert len(on.blobs.keys("")) == 1
    ((table, _, rows),) = on.warehouse.written
    assert (table, list(rows)) == (
        "erased_sessions",
        [[SESSION, date(2025, 12, 30), date(2026, 1, 3)]],
    )
    ((topic, changed),) = outcome.events
    assert topic is topics.WAREHOUSE_CHANGED
    assert isinstance(changed, WarehouseChanged)
    assert changed.days[0] == "2025-12-30"


def test_every_table_that_has_rows_of_the_session_loses_them() -> None:
    on = Stores()
    on.warehouse.answers["SELECT 1 AS one"] = [{"one": 1}]
    on.process(topics.DECIDED, session_erased())
    assert [sql.split()[2] for sql in statements_of(on.warehouse)] == DELETED
    dated = (
        "ALTER TABLE word_events DELETE WHERE session_id = {session:String}"
        " AND window_day BETWEEN toDate({first:String}) AND toDate({last:String})"
        " SETTINGS mutations_sync = 1"
    )
    assert dated in statements_of(on.warehouse)


def test_a_table_without_rows_of_the_session_is_not_rewritten() -> None:
    on = Stores()
    on.process(topics.DECIDED, session_erased())
    assert on.warehouse.commands == []


def test_an_expired_text_leaves_the_audio() -> None:
    on = Stores()
    expired = TextExpired(occurred_at_ms=1, session_id=SESSION)
    assert on.process(topics.DECIDED, expired) == Done()
    assert is_expired(on.blobs, SESSION)
    assert AUDIO in on.blobs.keys("")
    assert WORDS not in on.blobs.keys("")


@pytest.mark.parametrize(
    "year_ms", [-62_135_596_800_000, -1, 0, 5_680_281_600_000, 253_370_764_800_000]
)
def test_a_session_of_any_year_can_be_erased(year_ms: int) -> None:
    days = Days.of(year_ms, 12 * 3_600_000)
    assert date(1970, 1, 1) <= days.first < days.last <= date(2149, 6, 6)


def test_a_record_that_cannot_be_written_is_no_fault_of_an_erasure(tmp_path: Path) -> None:
    """Before, each was a dead letter: a share that was away for a moment, a folder of another."""
    (tmp_path / "file").touch()
    on = Stores(record=ErasureRecord(tmp_path / "file" / "record"))
    with pytest.raises(Exception, match=r"record|directory") as caught:
        on.process_all(topics.DECIDED, [session_erased()])
    assert is_of_machine(caught.value)
    assert not is_erased(on.blobs, SESSION)

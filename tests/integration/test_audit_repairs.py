"""Rows on a real ClickHouse: lost, changed and made up, found by the audit, and mended."""

import copy
from collections.abc import Iterator
from functools import cache

import pytest

from adapters.process.clock import unix_ms
from adapters.warehouse import Warehouse
from deploy.audit import days
from deploy.audit.by_rows import ByRows
from deploy.audit.questions import stored_rows
from deploy.audit.recount import Counters, Recounting
from deploy.audit.repair import Repair, days_of
from deploy.audit.report import Difference
from tests import recorded_sessions
from tests.audited import WINDOW_MS, Audited, audited
from tests.guide.phone import SESSION
from tests.integration.served import filled

OF_SESSION = "session_id = {session:String}"
BROKEN = {
    "a word is lost": f"ALTER TABLE word_events DELETE WHERE {OF_SESSION} AND window = 1",
    "a window is lost": f"ALTER TABLE spoken_windows DELETE WHERE {OF_SESSION} AND window = 0",
    "a count is changed": f"ALTER TABLE speaker_totals UPDATE count = count + 1 WHERE {OF_SESSION}",
    "totals are lost": f"ALTER TABLE session_totals DELETE WHERE {OF_SESSION}",
    "a day is changed": f"ALTER TABLE user_days UPDATE spoken = 77 WHERE {OF_SESSION}",
    "voices are lost": f"ALTER TABLE user_voices DELETE WHERE {OF_SESSION}",
    "claims are lost": f"ALTER TABLE claims DELETE WHERE {OF_SESSION}",
    "the session is changed": f"ALTER TABLE sessions UPDATE audio_ms = 1 WHERE {OF_SESSION}",
    "a pointer is lost": f"ALTER TABLE session_objects DELETE WHERE {OF_SESSION}",
    "a word that nobody said": (
        "INSERT INTO word_events SELECT * REPLACE (900 AS ordinal, toUInt8(0) AS deleted) "
        "FROM word_events WHERE session_id = {session:String} LIMIT 1"
    ),
    "a credit of nobody": (
        "INSERT INTO user_days SELECT * REPLACE ('nobody' AS user_id, toUInt32(7) AS spoken) "
        "FROM user_days WHERE session_id = {session:String} LIMIT 1"
    ),
    "a voice of nobody": (
        "INSERT INTO user_voices SELECT * REPLACE ('nobody' AS user_id, 'UTC' AS time_zone) "
        "FROM user_voices WHERE session_id = {session:String} LIMIT 1"
    ),
}


@cache
def world() -> Audited:
    """The session as it is right. Each process that collects would make it at import."""
    return audited(recorded_sessions.claimed())


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with filled(tmp_path_factory.mktemp("audit")) as up:
        stack = recorded_sessions.claimed()
        for table, columns, rows in stack.warehouse.written:
            up.insert(table, columns, rows)
        yield up


def looked_at(warehouse: Warehouse) -> Audited:
    """The session as the audit reads it now."""
    rows = stored_rows(warehouse, [SESSION], days_of(world().facts))
    return Audited(copy.deepcopy(world().facts), world().blobs, rows[SESSION])


def differences(warehouse: Warehouse) -> tuple[Difference, ...]:
    return looked_at(warehouse).judged().differences


@pytest.mark.parametrize("broken", BROKEN)
def test_rows_that_are_lost_changed_or_made_up_are_found_and_mended(
    warehouse: Warehouse, broken: str
) -> None:
    assert differences(warehouse) == ()
    warehouse.command(f"{BROKEN[broken]} SETTINGS mutations_sync = 1", {"session": SESSION})
    found = differences(warehouse)
    assert found
    recounted = Recounting(world().blobs, Counters(world().blobs), lambda: None).recount(
        world().facts
    )
    repair = Repair(warehouse, world().blobs, unix_ms)
    for _ in range(2):  # it may be repeated
        assert repair.mend(world().facts, recounted, found, lambda: True)
        assert differences(warehouse) == ()


def test_overlap_of_last_week_is_found_and_mended(warehouse: Warehouse) -> None:
    changed = f"ALTER TABLE speaker_totals UPDATE overlap_ms = 900 WHERE {OF_SESSION} AND word = ''"
    warehouse.command(f"{changed} SETTINGS mutations_sync = 1", {"session": SESSION})
    old = looked_at(warehouse).forgotten()
    found = old.judged().differences
    assert {one.table for one in found} == {"speaker_totals"}
    objects = frozenset(old.blobs.contents())
    by_rows = ByRows(old.blobs, Counters(old.blobs), lambda: None)
    recounted = by_rows.recount(old.facts, old.rows, objects, WINDOW_MS)
    Repair(warehouse, old.blobs, unix_ms).mend(old.facts, recounted, found, lambda: True)
    assert differences(warehouse) == ()


def test_days_that_are_not_the_sum_of_their_words_are_found_and_mended(
    warehouse: Warehouse,
) -> None:
    some = days_of(world().facts)
    repair = Repair(warehouse, world().blobs, unix_ms)
    repair.days(some.each())
    assert days.differing(warehouse, some.first, some.last) == set()
    changed = "ALTER TABLE word_daily UPDATE count = count + 1 WHERE 1 SETTINGS mutations_sync = 1"
    warehouse.command(changed)
    found = days.differing(warehouse, some.first, some.last)
    assert found
    assert all(some.first <= day <= some.last for day in found)
    repair.days([str(day) for day in found])
    assert days.differing(warehouse, some.first, some.last) == set()
    months = list(days.months(warehouse, some.first, some.last))
    assert months
    assert all(first <= last for first, last in months)

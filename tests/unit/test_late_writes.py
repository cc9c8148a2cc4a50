"""Writers that were late: a day after an erasure and an expiry all of it is removed once more."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from adapters.erasure.erasable_objects import erase_session, expire_text, is_expired
from adapters.process.retry import TransientError
from consumers.erasure.late_writes import AFTER_MS, ERASED, EXPIRED, FIRST_MS, SPAN_MS, LateWrites
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.limits import DAY_MS, HOUR_MS
from schemas.word_events import WarehouseChanged
from tests.erasure_stores import AUDIO, SESSION, WORDS, Stores
from tests.fakes import RecordedStatements
from tests.memory_blob_store import MemoryBlobStore

NOW_MS = 1_800_000_000_000


class Spans(RecordedStatements):
    """Notes the spans of time that are asked for."""

    def __init__(self, answers: dict[str, list[dict[str, Any]]]) -> None:
        super().__init__(answers)
        self.asked: set[tuple[int, int]] = set()

    def query(
        self, sql: str, parameters: Mapping[str, Any] | None = None, *, row: Any = dict[str, Any]
    ) -> list[Any]:
        if parameters and "since_ms" in parameters:
            self.asked.add((parameters["since_ms"], parameters["until_ms"]))
        return super().query(sql, parameters, row=row)


MARKED = {"session_id": SESSION, "first": date(2026, 1, 1), "last": date(2026, 1, 3)}
"""A marker of an erased session, and the days of its rows."""


def looked(blobs: MemoryBlobStore, question: str) -> None:
    row = MARKED if question == ERASED else {"session_id": SESSION}
    warehouse = RecordedStatements({question: [row]})
    LateWrites(blobs, warehouse, lambda _: None).look(NOW_MS)


def late(blobs: MemoryBlobStore) -> None:
    for key in (AUDIO, WORDS):
        blobs.put(key, b"", "text/plain")


def test_objects_that_came_late_of_an_erased_session_are_removed() -> None:
    blobs = MemoryBlobStore()
    erase_session(blobs, SESSION)
    late(blobs)
    looked(blobs, ERASED)
    assert (blobs.has(AUDIO), blobs.has(WORDS)) == (False, False)


@pytest.mark.parametrize("is_erased_since", [False, True])
def test_text_that_came_late_of_one_that_expired_is_removed(is_erased_since: bool) -> None:
    blobs = MemoryBlobStore()
    expire_text(blobs, SESSION)
    if is_erased_since:
        erase_session(blobs, SESSION)
    late(blobs)
    looked(blobs, EXPIRED)
    assert (blobs.has(AUDIO), blobs.has(WORDS)) == (not is_erased_since, False)
    assert is_expired(blobs, SESSION) is not is_erased_since


def test_what_was_erased_before_a_weekend_is_looked_at_after_it() -> None:
    """The machine was switched off on Friday evening, with a chunk between object and event."""
    warehouse = Spans({})
    LateWrites(MemoryBlobStore(), warehouse, lambda _: None).look(NOW_MS)
    (span,) = warehouse.asked
    assert span[0] <= NOW_MS - 3 * DAY_MS


def test_looks_follow_one_another_without_a_gap() -> None:
    """Each is of six hours: before, the first one was of a week, and everybody waited for it."""
    warehouse = Spans({})
    writes = LateWrites(MemoryBlobStore(), warehouse, lambda _: None)
    newest_ms = NOW_MS - AFTER_MS
    writes.look(NOW_MS)
    while writes.is_behind:
        writes.look(NOW_MS)
    writes.look(NOW_MS + HOUR_MS // 2)
    spans = sorted(warehouse.asked)
    assert (spans[0][0], spans[-1][1]) == (newest_ms - FIRST_MS, newest_ms + HOUR_MS // 2)
    assert [since_ms for since_ms, _ in spans[1:]] == [until_ms for _, until_ms in spans[:-1]]
    assert {until_ms - since_ms for since_ms, until_ms in spans[:-1]} == {SPAN_MS}


def test_messages_have_their_turn_between_looks_and_all_is_looked_at() -> None:
    warehouse = Spans({})
    on = Stores(warehouse=warehouse)
    on.now_ms = on.of_store_ms = NOW_MS
    on.keep_house()
    assert len(warehouse.asked) == 1
    for _ in range(FIRST_MS // SPAN_MS):
        on.keep_house()
    assert max(warehouse.asked) == (NOW_MS - AFTER_MS - SPAN_MS, NOW_MS - AFTER_MS)


def test_the_time_is_asked_for_once_until_all_is_looked_at(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A clock that is wrong is told once an hour, and not with every look."""
    on = Stores(warehouse=Spans({}))
    on.now_ms = NOW_MS
    on.of_store_ms = NOW_MS - HOUR_MS
    for _ in range(5):
        on.keep_house()
    assert capsys.readouterr().out.count("clocks_differ") == 1


class Broken(Spans):
    """The warehouse meets a defect."""

    def query(self, *_: Any, **__: Any) -> list[Any]:
        raise KeyError


def test_a_look_that_fails_comes_again_in_an_hour() -> None:
    writes = LateWrites(MemoryBlobStore(), Spans({}), lambda _: None)
    writes.look(NOW_MS)
    broken = LateWrites(MemoryBlobStore(), Broken({}), lambda _: None)
    broken.is_behind = True
    with pytest.raises(KeyError):
        broken.look(NOW_MS)
    assert (writes.is_behind, broken.is_behind) == (True, False)


class RowsLeft(RecordedStatements):
    """An erased session has rows, until they are removed."""

    def _answer(self, sql: str) -> list[dict[str, Any]]:
        if sql == ERASED:
            return [MARKED]
        if self.commands:
            return []
        if "DISTINCT session_id" in sql:
            return [{"session_id": SESSION}]
        return [{"one": 1}] if "AS one" in sql else []


class Broker:
    """It is away for a while. Then it takes what is published."""

    def __init__(self, *, is_away: bool) -> None:
        self.is_away = is_away
        self.days: list[tuple[str, ...]] = []

    def publish(self, messages: Sequence[tuple[Topic, Event]]) -> None:
        if self.is_away:
            raise TransientError("away")
        for _, event in messages:
            assert isinstance(event, WarehouseChanged)
            self.days.append(event.days)


@pytest.mark.parametrize("is_same_process", [True, False])
def test_days_of_rows_that_were_removed_are_told_after_a_look_was_broken_off(
    is_same_process: bool,
) -> None:
    """Nothing was left for the next look, and the totals of these days stayed as they were."""
    warehouse = RowsLeft()
    broker = Broker(is_away=True)
    writes = LateWrites(MemoryBlobStore(), warehouse, broker.publish)
    with pytest.raises(TransientError):
        writes.look(NOW_MS)
    assert warehouse.commands
    broker.is_away = False
    if not is_same_process:
        writes = LateWrites(MemoryBlobStore(), warehouse, broker.publish)
    writes.look(NOW_MS)
    assert broker.days == [("2026-01-01", "2026-01-02", "2026-01-03")]


def test_days_of_which_no_look_was_broken_off_are_not_told() -> None:
    warehouse = RowsLeft()
    broker = Broker(is_away=False)
    writes = LateWrites(MemoryBlobStore(), warehouse, broker.publish)
    writes.look(NOW_MS)
    while writes.is_behind:
        writes.look(NOW_MS)
    told = len(broker.days)
    writes.look(NOW_MS + 1)
    assert len(broker.days) == told

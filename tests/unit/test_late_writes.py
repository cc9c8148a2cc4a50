"""Writers that were late: a day after an erasure and an expiry all of it is removed once more."""

from collections.abc import Mapping
from typing import Any

import pytest

from adapters.erasure.erasable_objects import erase_session, expire_text, is_expired
from consumers.erasure.late_writes import AFTER_MS, ERASED, EXPIRED, FIRST_MS, LateWrites
from schemas.limits import DAY_MS, HOUR_MS
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


def looked(blobs: MemoryBlobStore, question: str) -> None:
    warehouse = RecordedStatements({question: [{"session_id": SESSION}]})
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
    """Each is of an hour: before, the first one was of a week, and everybody waited for it."""
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
    assert {until_ms - since_ms for since_ms, until_ms in spans[:-1]} == {HOUR_MS}


def test_messages_have_their_turn_between_looks_and_all_is_looked_at() -> None:
    warehouse = Spans({})
    on = Stores(warehouse=warehouse)
    on.now_ms = on.of_store_ms = NOW_MS
    on.keep_house()
    assert len(warehouse.asked) == 1
    for _ in range(FIRST_MS // HOUR_MS):
        on.keep_house()
    assert max(warehouse.asked) == (NOW_MS - AFTER_MS - HOUR_MS, NOW_MS - AFTER_MS)


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

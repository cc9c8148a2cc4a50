"""Writers that were late: a day after an erasure and an expiry all of it is removed once more."""

from collections.abc import Mapping
from typing import Any

import pytest

from adapters.erasure.erasable_objects import erase_session, expire_text, is_expired
from consumers.erasure.late_writes import AFTER_MS, ERASED, EXPIRED, FIRST_MS, LateWrites
from schemas.limits import DAY_MS, HOUR_MS
from tests.erasure_stores import AUDIO, SESSION, WORDS
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
    warehouse = Spans({})
    writes = LateWrites(MemoryBlobStore(), warehouse, lambda _: None)
    for now_ms in (NOW_MS, NOW_MS + HOUR_MS, NOW_MS + 3 * HOUR_MS):
        writes.look(now_ms)
    first = NOW_MS - AFTER_MS
    assert sorted(warehouse.asked) == [
        (first - FIRST_MS, first),
        (first, first + HOUR_MS),
        (first + HOUR_MS, first + 3 * HOUR_MS),
    ]

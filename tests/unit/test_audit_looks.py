"""An audit looks twice. Its repair takes no row away that is younger than the log that it read."""

import copy
from collections.abc import Callable, Iterator

import msgspec
import pytest
from msgspec.structs import replace

from deploy.audit.log import Pass
from deploy.audit.log_facts import LogFacts
from deploy.audit.looks import Looks, Read
from deploy.audit.questions import QUESTIONS
from deploy.audit.span import Span
from schemas.ids import UserId
from tests import recorded_sessions
from tests.audited import WINDOW_MS, Audited, audited
from tests.fakes import RecordedStatements
from tests.memory_blob_store import MemoryBlobStore

NO_DAYS = {"min(one) AS first": [{"first": "2026-01-02", "last": "2026-01-01"}]}


class Store(MemoryBlobStore):
    """The objects of one session."""

    def __init__(self, one: Audited) -> None:
        super().__init__()
        for key, body in one.blobs.contents().items():
            self.put(key, body, "")

    def folders(self, prefix: str) -> Iterator[str]:
        """None of nobody."""
        yield from ()


class OneSession:
    """A log with one session. `meanwhile` is called between the looks."""

    def __init__(self, facts: LogFacts, meanwhile: Callable[[], None]) -> None:
        self._facts = facts
        self.look_again = meanwhile

    def passes(self) -> list[Pass]:
        return [Pass((0,), 0, 1)]

    def sessions(self, one: Pass, now_ms: int) -> Iterator[LogFacts]:
        yield copy.deepcopy(self._facts)


@pytest.mark.parametrize("is_written_meanwhile", [False, True])
def test_a_row_that_is_written_between_the_looks_is_left_alone(is_written_meanwhile: bool) -> None:
    """Its event is behind the end of the log: it looks like a row without a source."""
    one = audited(recorded_sessions.claimed())
    row = next(row for row in one.rows.days if row.count)
    one.rows.days.append(replace(row, user_id=UserId("nobody")))
    warehouse = RecordedStatements()

    def tell() -> None:
        asked = {f"FROM {question.table} FINAL": question.into for question in QUESTIONS}
        rows = {fragment: getattr(one.rows, into) for fragment, into in asked.items()}
        warehouse.answers = NO_DAYS | msgspec.to_builtins(rows)

    def meanwhile() -> None:
        if is_written_meanwhile:
            one.rows.days.append(replace(row, user_id=UserId("mei")))
            tell()

    read = Read(OneSession(one.facts, meanwhile), warehouse, Store(one), lambda: ())
    looks = Looks(read, Span(settle_ms=0), WINDOW_MS, repair=True)
    tell()
    report = looks.run(lambda *_: None)
    assert any(found.where.startswith("user_days") for found in report.differences)
    assert bool(warehouse.commands) is not is_written_meanwhile

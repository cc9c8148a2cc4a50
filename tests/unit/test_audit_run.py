"""An audit has two rounds. Its repair takes no row away that is younger than the log it read."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from deploy.audit.audit_run import AuditRun, Sources
from deploy.audit.log import Pass
from deploy.audit.log_facts import NO_END_MS, LogFacts, Logged
from deploy.audit.questions import QUESTIONS
from deploy.audit.span import Span
from deploy.uuid7 import new_session_id
from schemas.ids import UserId
from schemas.limits import HOUR_MS
from schemas.phone_events import SessionStarted
from tests import recorded_sessions
from tests.audited import WINDOW_MS, Audited, audited
from tests.fakes import RecordedStatements
from tests.golden import example_of
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
    """A log with one session. `meanwhile` is called between the rounds."""

    def __init__(self, facts: LogFacts, meanwhile: Callable[[], None]) -> None:
        self._facts = facts
        self.look_again = meanwhile

    def passes(self) -> list[Pass]:
        return [Pass((0,), 0, 1)]

    def sessions(self, one: Pass, now_ms: int) -> Iterator[LogFacts]:
        yield copy.deepcopy(self._facts)


class Meanwhile:
    """A session of the second pass starts while the first one is read, for an hour."""

    def __init__(self) -> None:
        self.now_ms = 1_800_000_000_000

    def look_again(self) -> None:
        pass

    def passes(self) -> list[Pass]:
        return [Pass((0,), 0, 1), Pass((1,), 0, 1)]

    def sessions(self, one: Pass, now_ms: int) -> Iterator[LogFacts]:
        if one.partitions == (0,):
            self.now_ms += HOUR_MS
            return
        started = replace(example_of(SessionStarted), occurred_at_ms=self.now_ms)
        facts = LogFacts(started.session_id, now_ms)
        facts.take(started, Logged("session.inbound.v1", 1, 0))
        yield facts


def test_a_session_that_starts_during_a_round_moves() -> None:
    """Before, it was judged by the time at which the round began, and made no progress."""
    log = Meanwhile()
    warehouse = RecordedStatements()
    warehouse.answers = NO_DAYS
    sources = Sources(log, warehouse, Store(audited(recorded_sessions.claimed())), lambda: ())
    span = Span(settle_ms=1)
    run = AuditRun(sources, span, WINDOW_MS, repair=False, clock=lambda: log.now_ms)
    report = run.run(lambda *_: None)
    assert report.moving == 1
    assert not [found for found in report.differences if "no progress" in found.what]


class TwoSessions(OneSession):
    """A log with a session more, that a stage has yet to read of until somebody looks again."""

    def __init__(self, facts: LogFacts) -> None:
        super().__init__(facts, self._comes_to_rest)
        session_id = new_session_id()
        started = replace(example_of(SessionStarted), session_id=session_id, event_id="")
        self._other = LogFacts(started.session_id, waits=True)
        self._other.take(started, Logged("session.inbound.v1", 1, 0))

    def _comes_to_rest(self) -> None:
        self._other.waits = False

    def sessions(self, one: Pass, now_ms: int) -> Iterator[LogFacts]:
        yield from super().sessions(one, now_ms)
        yield copy.deepcopy(self._other)


def test_a_session_that_comes_to_rest_between_the_rounds_was_not_judged() -> None:
    """Before, the audit said that nothing moved: `lahstats demo` took that for a whole audit."""
    one = audited(recorded_sessions.claimed())
    del one.rows.spoken[0]
    warehouse = RecordedStatements()
    sources = Sources(TwoSessions(one.facts), warehouse, Store(one), lambda: ())
    span = Span(settle_ms=0, stuck_ms=NO_END_MS)
    run = AuditRun(sources, span, WINDOW_MS, repair=False, clock=lambda: 1_900_000_000_000)
    warehouse.answers = _answers(one)
    report = run.run(lambda *_: None)
    assert report.differences
    assert (report.sessions, report.moving) == (1, 1)


@pytest.mark.parametrize("is_written_meanwhile", [False, True])
def test_a_row_that_is_written_between_the_rounds_is_left_alone(is_written_meanwhile: bool) -> None:
    """Its event is behind the end of the log: it looks like a row without a source."""
    one = audited(recorded_sessions.claimed())
    row = next(row for row in one.rows.days if row.count)
    one.rows.days.append(replace(row, user_id=UserId("nobody")))
    warehouse = RecordedStatements()

    def meanwhile() -> None:
        if is_written_meanwhile:
            one.rows.days.append(replace(row, user_id=UserId("mei")))
            warehouse.answers = _answers(one)

    sources = Sources(OneSession(one.facts, meanwhile), warehouse, Store(one), lambda: ())
    run = AuditRun(sources, Span(settle_ms=0), WINDOW_MS, repair=True)
    warehouse.answers = _answers(one)
    report = run.run(lambda *_: None)
    assert any(found.where.startswith("user_days") for found in report.differences)
    assert bool(warehouse.commands) is not is_written_meanwhile


def test_a_repair_of_last_weeks_session_writes_no_claim_that_was_read_from_its_row() -> None:
    """It has no version, and no time: the history of the voice would begin in 1970."""
    one = audited(recorded_sessions.claimed()).forgotten()
    del one.rows.spoken[0]
    warehouse = RecordedStatements()
    sources = Sources(OneSession(one.facts, lambda: None), warehouse, Store(one), lambda: ())
    run = AuditRun(sources, Span(settle_ms=0), WINDOW_MS, repair=True)
    warehouse.answers = _answers(one)
    report = run.run(lambda *_: None)
    assert report.mended
    written = {table for table, _, _ in warehouse.written}
    assert "spoken_windows" in written
    assert not written & {"claims", "claim_changes", "requests", "verdicts"}


def _answers(one: Audited) -> dict[str, Any]:
    """The warehouse's answers about the session's rows as they are now."""
    rows: dict[str, Any] = {}
    for question in QUESTIONS:
        rows[f"FROM {question.table} FINAL"] = getattr(one.rows, question.into)
    return {**NO_DAYS, **msgspec.to_builtins(rows)}

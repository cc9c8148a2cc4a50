"""One audit: a first round over every session, and a second one over those that differed.

Between the log and the rows people may have claimed or erased something. A difference counts that
is there in both rounds.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from adapters.objects.store import BlobStore
from adapters.process.clock import Clock, unix_ms
from adapters.warehouse import Statements
from consumers.dlq.letters import Letter
from deploy.audit import chunks, days, session
from deploy.audit.by_rows import ByRows
from deploy.audit.claims_as_stored import claims_of, verdicts_of
from deploy.audit.log import Pass
from deploy.audit.log_facts import LogFacts
from deploy.audit.orphans import Folders, Orphans
from deploy.audit.pace import Pace
from deploy.audit.questions import AT_ONCE, are_still, stored_rows
from deploy.audit.recount import Counters, Recounted, Recounting
from deploy.audit.repair import Repair, days_of, days_of_all
from deploy.audit.report import Difference, Findings, Report
from deploy.audit.span import Span
from deploy.audit.stored_rows import StoredRows
from deploy.batches import batches
from deploy.waiting import until
from schemas.ids import EventId, SessionId
from schemas.object_kinds import erased_prefixes

LOOK_S = 1.0
"""Between two looks at days that differ."""
Judge = Callable[[LogFacts, StoredRows], bool]
"""Judges one session of a round. Returns whether the next round is to judge it again."""
Progress = Callable[[int, int], None]
"""Gets the passes done, and all of them."""


class Log(Protocol):
    """Port: see `SessionLog`."""

    def look_again(self) -> None:
        """See `SessionLog.look_again`."""

    def passes(self) -> list[Pass]:
        """See `SessionLog.passes`."""

    def sessions(self, one: Pass, now_ms: int) -> Iterator[LogFacts]:
        """See `SessionLog.sessions`."""


class Store(BlobStore, Folders, Protocol):
    """Port: the object store, by key and as folders."""


@dataclass(frozen=True)
class Sources:
    """All that an audit reads, and repairs. `letters` returns the dead letters of the moment."""

    log: Log
    warehouse: Statements
    blobs: Store
    letters: Callable[[], Iterable[Letter]]


class AuditRun:
    """One audit. Blocking; to be run once."""

    def __init__(
        self, sources: Sources, span: Span, window_ms: int, *, repair: bool, clock: Clock = unix_ms
    ) -> None:
        self._log = sources.log
        self._warehouse = sources.warehouse
        self._blobs = sources.blobs
        self._read_letters = sources.letters
        self._span = span
        self._window_ms = window_ms
        self._clock = clock
        self._now_ms = 0
        self._pace = Pace()
        counters = Counters(self._blobs)
        self._recounting = Recounting(self._blobs, counters, self._pace.wait)
        self._by_rows = ByRows(self._blobs, counters, self._pace.wait)
        self._letters = frozenset[EventId]()
        self._orphans = Orphans(self._blobs, self._warehouse, span.days(), self._pace)
        self._repair = Repair(self._warehouse, self._blobs, clock) if repair else None
        self._report = Report()
        self._days_that_move: set[str] = set()
        self._not_judged: set[SessionId] = set()
        self._rows_of_first_round: dict[SessionId, StoredRows] = {}

    def run(self, progress: Progress) -> Report:
        """Judge all sessions and days. Raises TransientError when a server is away."""
        differing = self._round(progress, self._judge_first)
        if differing:
            time.sleep(self._span.settle_ms / 1000)
            self._log.look_again()
            self._round(progress, self._judge_again, only=differing)
        self._report_differences(self._orphans.differences())
        self._judge_days()
        self._report.moving = len(self._not_judged)
        return self._report

    def _round(
        self, progress: Progress, judge: Judge, only: Collection[SessionId] | None = None
    ) -> set[SessionId]:
        """Judge every session, or `only` some. Return those that `judge` wants to see again."""
        self._letters = chunks.dead_lettered_events(self._read_letters())
        again: set[SessionId] = set()
        passes = self._log.passes()
        for done, one_pass in enumerate(passes):
            progress(done, len(passes))
            self._now_ms = self._clock()  # of the pass: those before it took minutes
            for batch in batches(self._sessions_at_rest(one_pass, only), AT_ONCE):
                again |= self._judge_batch(batch, judge)
        progress(len(passes), len(passes))
        return again

    def _judge_batch(self, batch: Sequence[LogFacts], judge: Judge) -> set[SessionId]:
        """Judge some sessions with rows that are read in one go. Return those to see again."""
        ids = [facts.session_id for facts in batch]
        rows = stored_rows(self._warehouse, ids, days_of_all(batch))
        return {facts.session_id for facts in batch if judge(facts, rows[facts.session_id])}

    def _sessions_at_rest(
        self, one_pass: Pass, only: Collection[SessionId] | None
    ) -> Iterator[LogFacts]:
        """The sessions of a pass that are asked for and can be judged. Notes the others."""
        for facts in self._log.sessions(one_pass, self._now_ms):
            if facts.is_known:
                self._orphans.know(facts.session_id)
            if not self._span.holds(facts):
                continue
            is_asked = only is None or facts.session_id in only
            if self._span.is_moving(facts, self._now_ms):
                self._days_that_move |= set(days_of(facts).each())
                if is_asked:
                    self._not_judged.add(facts.session_id)
            elif is_asked:
                yield facts

    def _judge_first(self, facts: LogFacts, rows: StoredRows) -> bool:
        """Report a session without a difference. Return whether there is one."""
        found, _ = self._judged(facts, rows)
        if found.differences:
            self._rows_of_first_round[facts.session_id] = rows
            return True
        self._report.sessions += 1
        self._report.add(found)
        return False

    def _judge_again(self, facts: LogFacts, rows: StoredRows) -> bool:
        """Report a session that differed, and mend it."""
        found, recounted = self._judged(facts, rows)
        self._report.sessions += 1
        self._report.add(found)
        if self._repair is not None:
            # Rows of the first round are older than the log of the second one, which tells of all
            # that made them.
            first_rows = self._rows_of_first_round[facts.session_id]
            is_still = partial(are_still, self._warehouse, facts.session_id, first_rows)
            self._report.mended += self._repair.mend(facts, recounted, found.differences, is_still)
        return False

    def _judged(self, facts: LogFacts, rows: StoredRows) -> tuple[Findings, Recounted | None]:
        """The findings of one session, and the session as it should be, for its repair."""
        if self._span.is_stuck(facts, self._now_ms):
            return Findings((session.stuck(facts),)), None
        keys = self._keys_of(facts)
        if facts.is_whole:
            recounted = self._recounting.recount(facts)
        else:
            # For this judgement alone: a repair writes what the log says, and not these.
            claims = {**claims_of(rows.claims), **facts.claims}
            verdicts = {**verdicts_of(rows.verdicts), **facts.verdicts}
            facts = replace(facts, claims=claims, verdicts=verdicts)
            recounted = self._by_rows.recount(facts, rows, keys, self._window_ms)
        found = session.judged(
            facts,
            recounted,
            rows,
            letters=self._letters,
            objects=keys,
            left_over=self._orphans.left_over(facts.session_id),
        )
        return found, recounted

    def _keys_of(self, facts: LogFacts) -> frozenset[str]:
        found: set[str] = set()
        for prefix in erased_prefixes(facts.session_id):
            self._pace.wait()
            found |= set(self._blobs.keys(prefix))
        return frozenset(found)

    def _report_differences(self, differences: Iterable[Difference]) -> None:
        self._report.add(Findings(tuple(differences)))

    def _judge_days(self) -> None:
        """Report days whose totals are wrong at each look within the span's `look_ms`."""
        wrong = set(self._wrong_days())

        def all_are_right() -> bool:
            if wrong:
                wrong.intersection_update(self._wrong_days())
            return not wrong

        with suppress(TimeoutError):
            until(all_are_right, bool, self._span.look_ms / 1000, LOOK_S)
        days_found = sorted(wrong)
        self._report_differences(days.differences(days_found))
        if days_found and self._repair is not None:
            self._report.mended.append(self._repair.days(days_found))

    def _wrong_days(self) -> Iterator[str]:
        """The ISO days whose totals are wrong now, without those of sessions that still move."""
        span = self._span.days()
        for first, last in days.months(self._warehouse, span.first, span.last):
            self._pace.wait()
            for day in days.differing(self._warehouse, first, last):
                if str(day) not in self._days_that_move:
                    yield str(day)

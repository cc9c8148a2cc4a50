"""The audit: reads the log, the objects and the rows session by session, and compares them.

Memory is bounded by one pass over the log and by AT_ONCE sessions of the warehouse.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import TypeVar

from adapters.erasure.erasable_rows import Days
from adapters.objects.s3 import S3BlobStore
from adapters.process.clock import unix_ms
from adapters.settings import Settings
from adapters.warehouse import Warehouse
from consumers.dlq import letters as dead_letters
from deploy.audit import session
from deploy.audit.log import Pass, SessionLog
from deploy.audit.log_facts import LogFacts
from deploy.audit.pace import Pace
from deploy.audit.recount import Recounting
from deploy.audit.report import Report
from deploy.audit.span import Span, recorded_at
from deploy.audit.stored_rows import AT_ONCE, stored_rows
from schemas.erasure import erased_prefixes

T = TypeVar("T")
EVERYTHING = Span()
Progress = Callable[[int, int], None]
"""Gets the passes done, and all of them."""


def audit(settings: Settings, span: Span = EVERYTHING, progress: Progress | None = None) -> Report:
    """Compare all sessions of `span` with what is stored of them. Blocking; changes nothing.

    Sessions that still move are counted and not judged. Raises TransientError when a server is
    away.
    """
    with (
        closing(SessionLog(settings.kafka)) as log,
        closing(Warehouse(settings, threads=1)) as warehouse,
    ):
        return _Audit(settings, log, warehouse, span).run(progress or _nothing)


def _nothing(_done: int, _all: int) -> None:
    pass


class _Audit:
    def __init__(
        self, settings: Settings, log: SessionLog, warehouse: Warehouse, span: Span
    ) -> None:
        self._log = log
        self._warehouse = warehouse
        self._span = span
        self._now_ms = unix_ms()
        self._blobs = S3BlobStore(settings)
        self._pace = Pace()
        self._recounting = Recounting(self._blobs, self._pace.wait)
        self._letters = {one.source: one.reason for one in dead_letters.read(settings.kafka)}
        self._report = Report()

    def run(self, progress: Progress) -> Report:
        """Return the report of all passes."""
        passes = self._log.passes()
        for done, one in enumerate(passes):
            progress(done, len(passes))
            self._judge(one)
        progress(len(passes), len(passes))
        return self._report

    def _judge(self, one: Pass) -> None:
        for some in _batches(self._of_span(one), AT_ONCE):
            days = _days(some)
            rows = stored_rows(self._warehouse, [facts.session_id for facts in some], days)
            for facts in some:
                self._pace.wait()
                keys = [
                    key
                    for prefix in erased_prefixes(facts.session_id)
                    for key in self._blobs.keys(prefix)
                ]
                found = session.judged(
                    facts,
                    self._recounting.recount(facts),
                    rows[facts.session_id],
                    letters=self._letters,
                    objects=frozenset(keys),
                )
                self._report.add(found)
                self._report.sessions += 1

    def _of_span(self, one: Pass) -> Iterator[LogFacts]:
        for facts in self._log.sessions(one):
            if not self._span.holds(facts):
                continue
            if self._span.is_moving(facts, self._now_ms):
                self._report.moving += 1
            else:
                yield facts


def _batches(items: Iterator[T], most: int) -> Iterator[Sequence[T]]:
    while some := list(islice(items, most)):
        yield some


def _days(some: Sequence[LogFacts]) -> Days:
    """The days on which rows of these sessions may lie."""
    spans = [
        Days.of(recorded_at(facts) or 0, facts.listing.audio_ms if facts.listing else 0)
        for facts in some
    ]
    return Days(min(one.first for one in spans), max(one.last for one in spans))

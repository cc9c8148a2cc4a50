"""The audit: reads the log, the objects and the rows session by session, and compares them.

Memory is bounded by one pass over the log and by AT_ONCE sessions of the warehouse.
"""

import time
from contextlib import closing
from functools import partial

from adapters.objects.s3 import S3BlobStore
from adapters.settings import Settings
from adapters.warehouse import Warehouse
from consumers.dlq import letters as dead_letters
from deploy.audit.audit_run import LOOK_S, AuditRun, Progress, Sources
from deploy.audit.log import SessionLog
from deploy.audit.report import Report
from deploy.audit.span import Span

EVERYTHING = Span()
PATIENCE_S = 60.0


def audit(
    settings: Settings,
    span: Span = EVERYTHING,
    progress: Progress | None = None,
    *,
    repair: bool = False,
) -> Report:
    """Compare all sessions of `span` with what is stored of them. Blocking.

    Sessions that still move are counted and not judged. With `repair`, mends what can be computed
    again; the report has the differences as they were found. Raises TransientError when a server
    is away.
    """
    with (
        closing(SessionLog(settings.kafka)) as log,
        closing(Warehouse(settings, threads=1)) as warehouse,
    ):
        letters = partial(dead_letters.read, settings.kafka)
        sources = Sources(log, warehouse, S3BlobStore(settings), letters)
        run = AuditRun(sources, span, settings.window_ms, repair=repair)
        return run.run(progress or _no_progress)


def audit_and_repair(
    settings: Settings,
    span: Span,
    progress: Progress | None = None,
    *,
    repair: bool = False,
) -> Report:
    """Return the audit, or that after a repair, with the sentences of the repair. Blocking."""
    report = audit(settings, span, progress, repair=repair)
    if not report.mended:
        return report
    after = audit(settings, span, progress)
    after.mended = report.mended
    return after


def audit_at_rest(settings: Settings, since_ms: int = 0) -> Report:
    """Return the audit when no session recorded since then moves any more. Blocking.

    For demos and tests, which stop all talk before. Sessions that still move after PATIENCE_S are
    in the report; raises TransientError when a server is away.
    """
    span = Span(since_ms=since_ms, settle_ms=0)
    deadline_s = time.monotonic() + PATIENCE_S
    report = audit(settings, span)
    while report.moving and time.monotonic() < deadline_s:
        time.sleep(LOOK_S)
        report = audit(settings, span)
    return report


def _no_progress(_done: int, _all: int) -> None:
    """Nobody looks at the progress."""

"""Removes what late writers brought of erased sessions, and of texts that expired.

A gateway stores a chunk, and ends before it tells of it. A server carries out what its client has
given up. Neither looks for the marker afterwards.
"""

from adapters.erasure.erasable_objects import ErasableTexts
from adapters.erasure.erasable_rows import Days, ErasableRows, Marked, Session, erase_rows
from adapters.kafka.publisher import PublishEvents
from adapters.objects.store import BlobStore
from adapters.warehouse import Statements
from schemas import topics
from schemas.fact_sheet import WEEK_MS
from schemas.limits import DAY_MS, HOUR_MS
from schemas.word_events import WarehouseChanged

AFTER_MS = DAY_MS
"""From an erasure to the look after it. A write that comes later is that of a stage, which looks
for the marker first.
"""
FIRST_MS = WEEK_MS
"""Span of the first look of a process: the stage may have been off since the day of an erasure."""
SPAN_MS = HOUR_MS
"""Span of one look. Each removal costs some requests, and everybody who is erased waits meanwhile.
"""
AGO = """
BETWEEN fromUnixTimestamp64Milli({since_ms:Int64}) AND fromUnixTimestamp64Milli({until_ms:Int64})
"""
ERASED = f"SELECT session_id FROM erased_sessions FINAL WHERE erased_at {AGO}"  # noqa: S608
EXPIRED = f"SELECT session_id FROM expired_texts FINAL WHERE expired_at {AGO}"  # noqa: S608


class LateWrites:
    """Removes once more, a day later, what was removed."""

    def __init__(
        self,
        blobs: BlobStore,
        warehouse: Statements,
        publish: PublishEvents,
    ) -> None:
        self._objects = ErasableTexts(blobs)
        self._rows = ErasableRows(warehouse)
        self._warehouse = warehouse
        self._publish = publish
        self._looked_to_ms: int | None = None
        self.is_behind = False
        """Whether the last look came to its end, and another one may follow at once."""

    def look(self, now_ms: int) -> None:
        """Look at SPAN_MS of what was removed, up to a day before this Unix time.

        Blocking; repeatable. The first look of a process begins FIRST_MS before that; each other
        one where the one before ended.
        """
        self.is_behind = False
        newest_ms = now_ms - AFTER_MS
        since_ms = newest_ms - FIRST_MS if self._looked_to_ms is None else self._looked_to_ms
        until_ms = min(since_ms + SPAN_MS, newest_ms)
        values = {"since_ms": min(since_ms, until_ms), "until_ms": until_ms}
        erased = {row.session_id for row in self._warehouse.query(ERASED, values, row=Session)}
        expired = {row.session_id for row in self._warehouse.query(EXPIRED, values, row=Session)}
        self._objects.remove(erased | expired)
        for late in self._rows.left(erased):
            self._remove_rows(late, now_ms)
        self._looked_to_ms = until_ms
        self.is_behind = until_ms < newest_ms

    def _remove_rows(self, late: Marked, now_ms: int) -> None:
        days = Days(late.first, late.last)
        erase_rows(self._warehouse, late.session_id, days)
        changed = WarehouseChanged(
            caused_by=f"late:{late.session_id}:{now_ms}",
            occurred_at_ms=now_ms,
            days=days.each(),
            users=(),
        )
        self._publish([(topics.WAREHOUSE_CHANGED, changed)])

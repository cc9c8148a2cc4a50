"""Removes what late writers brought of erased sessions, and of texts that expired.

A gateway stores a chunk, and ends before it tells of it. A worker writes words, and is killed
before it looks for the marker. A server carries out what its client has given up.
"""

from collections.abc import Iterable

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
SPAN_MS = 6 * HOUR_MS
"""Span of one look. Each removal costs some requests, and everybody who is erased waits meanwhile.

A shorter one costs an idle system more: the looks of a week follow each start of the stage.
"""
AGO = """
BETWEEN fromUnixTimestamp64Milli({since_ms:Int64}) AND fromUnixTimestamp64Milli({until_ms:Int64})
"""
ERASED = f"""
SELECT session_id, first, last FROM erased_sessions FINAL WHERE erased_at {AGO}
"""  # noqa: S608
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
        self._begun_to_ms = 0
        self.is_behind = False
        """Whether the last look came to its end, and another one may follow at once."""

    def look(self, now_ms: int) -> None:
        """Look at SPAN_MS of what was removed, up to a day before this Unix time.

        Blocking; repeatable. The first look of a process begins FIRST_MS before that; each other
        one where the one before ended. A look before, of another process say, may have removed rows
        and told nobody: the days of all that it may have met are computed again.
        """
        self.is_behind = False
        newest_ms = now_ms - AFTER_MS
        if self._looked_to_ms is None:
            self._looked_to_ms = newest_ms - FIRST_MS
            self._begun_to_ms = newest_ms
        since_ms = self._looked_to_ms
        until_ms = min(since_ms + SPAN_MS, newest_ms)
        is_repeat = since_ms < self._begun_to_ms
        self._begun_to_ms = max(self._begun_to_ms, until_ms)
        values = {"since_ms": min(since_ms, until_ms), "until_ms": until_ms}
        erased = self._warehouse.query(ERASED, values, row=Marked)
        expired = self._warehouse.query(EXPIRED, values, row=Session)
        ids = {row.session_id for row in erased}
        self._objects.remove(ids | {row.session_id for row in expired})
        late = self._rows.left(erased)
        for row in late:
            erase_rows(self._warehouse, row.session_id, Days(row.first, row.last))
        self._tell(erased if is_repeat else late, until_ms, now_ms)
        self._looked_to_ms = until_ms
        self.is_behind = until_ms < newest_ms

    def _tell(self, changed: Iterable[Marked], until_ms: int, now_ms: int) -> None:
        days = {day for row in changed for day in Days(row.first, row.last).each()}
        if not days:
            return
        notice = WarehouseChanged(
            caused_by=f"late:{until_ms}:{now_ms}",
            occurred_at_ms=now_ms,
            days=tuple(sorted(days)),
            users=(),
        )
        self._publish([(topics.WAREHOUSE_CHANGED, notice)])

"""Batches of events as few inserts: one a table and partition, because an insert is atomic only within one partition."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from operator import itemgetter
from typing import Any

from adapters.erasure.guard import ErasureGuard
from adapters.erasure.session_rows import ErasableRows
from adapters.process import metrics
from adapters.process.clock import Clock
from adapters.warehouse import Statements
from consumers.runtime.outcome import DeadLettered, Done, Outcome, Record
from consumers.sink.row import Row
from consumers.sink.rows import rows_of
from schemas import topics
from schemas.erasure import stays_after_erasure
from schemas.event import SessionEvent
from schemas.ids import SessionId, UserId
from schemas.rejections import Reason
from schemas.word_events import WarehouseChanged, WordsCounted, WordsCredited

PARTITIONS = {
    "word_events": ("window_day", 12),
    "user_days": ("day", 1),
    "spoken_windows": ("day", 12),
}
"""How these tables are cut (`deploy/clickhouse/migrations`): the day's column, and how many partitions a year has."""
BATCH = 10_000


class Sink:
    """Every table replaces by key and version, so a batch written twice, or cut differently, changes nothing."""

    name = "sink"
    batch_size = BATCH
    counts_attempts = False

    def __init__(self, warehouse: Statements, clock: Clock) -> None:
        self._warehouse = warehouse
        self._clock = clock
        self._guard = ErasureGuard(ErasableRows(warehouse))

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        """Blocking: returns after ClickHouse acknowledged every row."""

        def work(erased: set[SessionId]) -> None:
            self._write([row for record in records for row in _left(record, erased)])

        events = [record.event for record in records]
        sessions = {event.session_id for event in events if isinstance(event, SessionEvent)}
        self._guard.around(sessions, work)
        return self._outcomes(records)

    def _write(self, rows: Sequence[Row]) -> None:
        grouped: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
        for table, row in rows:
            grouped[(table, _partition(table, row))].append(row)
        for (table, _), found in grouped.items():
            self._insert(table, found)

    def _insert(self, table: str, rows: list[dict[str, Any]]) -> None:
        columns = sorted(rows[0])
        written = self._warehouse.insert(table, columns, list(map(itemgetter(*columns), rows)))
        if written != len(rows):
            raise RuntimeError(f"{table}: {len(rows)} rows sent, {written} written")
        metrics.ROWS_WRITTEN.labels(table).inc(written)

    def _outcomes(self, records: Sequence[Record]) -> list[Outcome]:
        # One notice a partition, on its first record: a partition that is revoked meanwhile takes its notice with it.
        parts: dict[tuple[str, int], list[Record]] = defaultdict(list)
        for record in records:
            parts[(record.topic.name, record.partition)].append(record)
        notices = [self._changed(parts.pop((r.topic.name, r.partition), [])) for r in records]
        return [Done(((topics.WAREHOUSE_CHANGED, notice),) if notice else ()) for notice in notices]

    def _changed(self, records: Sequence[Record]) -> WarehouseChanged | None:
        days: set[str] = set()
        users: set[UserId] = set()
        for record in records:
            if isinstance(record.event, WordsCounted):
                days |= {
                    record.event.day,
                    *(row.day for row in record.event.rows),
                    *_after(record.event),
                }
            elif isinstance(record.event, WordsCredited):
                days |= set(record.event.days)
                users.add(record.event.user_id)
        if not days:
            return None
        return WarehouseChanged(
            caused_by=_span(records),
            occurred_at_ms=self._clock(),
            days=tuple(sorted(days)),
            users=tuple(sorted(users)),
        )

    def give_up(self, record: Record) -> DeadLettered:
        """Batches are not counted by attempts; the loop never asks this of the sink."""
        return DeadLettered(Reason.ATTEMPTS_EXHAUSTED, "sink")


def _span(records: Sequence[Record]) -> str:
    """Return the place of records of one partition: topic, partition, first and last offset."""
    offsets = [record.offset for record in records]
    return f"{records[0].topic.name}:{records[0].partition}:{min(offsets)}-{max(offsets)}"


def _after(event: WordsCounted) -> tuple[str, ...]:
    """What a former generation had of this window after 04:00 lies in the next day, and this one may have nothing there."""
    return (
        ((date.fromisoformat(event.day) + timedelta(days=1)).isoformat(),)
        if event.generation > 1
        else ()
    )


def _left(record: Record, erased: set[SessionId]) -> list[Row]:
    """The event's rows, but of an erased session only those that stay."""
    event, rows = record.event, rows_of(record)
    gone = isinstance(event, SessionEvent) and event.session_id in erased
    return [row for row in rows if stays_after_erasure(row[0])] if gone else rows


def _partition(table: str, row: dict[str, Any]) -> int:
    cut = PARTITIONS.get(table)
    if cut is None:
        return 0
    day: date = row[cut[0]]
    return day.year * 12 + (day.month if cut[1] == 12 else 0)

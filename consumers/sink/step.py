"""Writes batches of events as few inserts: one for each table and partition.

An insert is atomic within one partition only.
"""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from operator import itemgetter

from adapters.erasure.erasable_rows import ErasableRows
from adapters.erasure.guard import ErasureGuard
from adapters.process import metrics
from adapters.process.clock import Clock
from adapters.warehouse import Statements
from consumers.runtime.outcome import DeadLettered, Done, Outcome, Record
from consumers.sink.rows import rows_of
from consumers.sink.table_row import Columns, Row, partition_of
from schemas import topics
from schemas.claim_events import CountJudged
from schemas.days import day_of
from schemas.erasure import stays_after_erasure
from schemas.event import Event, SessionEvent
from schemas.ids import SessionId, UserId
from schemas.rejections import Reason, Rejected
from schemas.session_events import FINAL, SessionFailed, State
from schemas.session_rows import SessionListing
from schemas.word_events import WarehouseChanged, WordsCounted, WordsCredited

BATCH = 10_000
"""Events at a time: ClickHouse wants few and large inserts."""
GATHER_S = 0.05
"""Events that follow from one another come within this time: a few inserts instead of many."""


COUNTED = FINAL - {State.ERASED}
"""States of sessions that may have words. One that records has none, and is listed often."""


class Sink:
    """Every table replaces rows by key and version.

    A batch that is written twice, or cut differently, changes nothing.
    """

    name = "sink"
    batch_size = BATCH
    counts_attempts = False
    gather_s = GATHER_S

    def __init__(self, warehouse: Statements, clock: Clock) -> None:
        self._warehouse = warehouse
        self._clock = clock
        self._guard = ErasureGuard(ErasableRows(warehouse))
        metrics.expect_failed_sessions()

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        """Blocking: returns after ClickHouse acknowledged every row.

        Raises TransientError when ClickHouse is away, or did not write all of them. Raises
        RowsRefusedError, or what Python raises, for a row that no table can hold.
        """
        made = [(record.event, _rows(record)) for record in records]

        def work(erased: set[SessionId]) -> None:
            wanted: list[Row] = []
            for event, rows in made:
                wanted += _wanted(event, rows, erased)
            self._write(wanted)

        self._guard.around(_with_rows_that_go(made), work)
        for event, _ in made:
            if isinstance(event, SessionFailed):
                metrics.SESSIONS_FAILED.labels(event.failure).inc()
        return self._outcomes(records)

    def _write(self, rows: Sequence[Row]) -> None:
        inserts: dict[tuple[str, int], list[Columns]] = defaultdict(list)
        for row in rows:
            table, columns = row
            inserts[table, partition_of(row)].append(columns)
        for (table, _), found in inserts.items():
            self._insert(table, found)

    def _insert(self, table: str, rows: list[Columns]) -> None:
        names = sorted(rows[0])
        values = list(map(itemgetter(*names), rows))
        self._warehouse.insert(table, names, values)
        metrics.ROWS_WRITTEN.labels(table).inc(len(rows))

    def _outcomes(self, records: Sequence[Record]) -> list[Outcome]:
        # One notice for each partition, on its first record: a partition that is revoked
        # meanwhile takes its notice with it.
        partitions: dict[tuple[str, int], list[Record]] = defaultdict(list)
        for record in records:
            partitions[record.topic.name, record.partition].append(record)
        found: list[Outcome] = []
        for record in records:
            of_partition = partitions.pop((record.topic.name, record.partition), [])
            notice = self._notice(of_partition)
            found.append(Done(((topics.WAREHOUSE_CHANGED, notice),)) if notice else Done())
        return found

    def _notice(self, records: Sequence[Record]) -> WarehouseChanged | None:
        days: set[str] = set()
        users: set[UserId] = set()
        for record in records:
            event = record.event
            if isinstance(event, WordsCounted):
                days |= _days(event)
            elif isinstance(event, WordsCredited):
                days |= set(event.days)
                users.add(event.user_id)
            elif isinstance(event, CountJudged) and event.day:
                days.add(event.day)
            elif isinstance(event, SessionListing) and event.state in COUNTED:
                days |= _days_recorded(event)
        if not days:
            return None
        return WarehouseChanged(
            caused_by=_span(records),
            occurred_at_ms=self._clock(),
            days=tuple(sorted(days)),
            users=tuple(users) if len(users) == 1 else (),
        )

    def give_up(self, record: Record, reason: Reason, detail: str) -> DeadLettered:
        """The event has a row that the warehouse does not take. Its other rows may be there."""
        return DeadLettered(reason, detail)


def _span(records: Sequence[Record]) -> str:
    """The place of records of one partition: topic, partition, first and last offset."""
    topic = records[0].topic.name
    partition = records[0].partition
    offsets = [record.offset for record in records]
    return f"{topic}:{partition}:{min(offsets)}-{max(offsets)}"


def _days(event: WordsCounted) -> set[str]:
    """Days whose totals the event may change."""
    days = {event.day, *(row.day for row in event.rows)}
    if event.generation > 1:
        # Words after 04:00 count for the next day. If this generation has none there, the next day
        # still has to be computed again, so that those of before are removed.
        days.add((date.fromisoformat(event.day) + timedelta(days=1)).isoformat())
    return days


def _days_recorded(listing: SessionListing) -> set[str]:
    """Days on which the session has words, whose owner is known now; none in a zone of nobody.

    A listing and its counts are on two topics. Whichever comes last has to renew the days.
    """
    first_ms = listing.recorded_at_ms
    with suppress(Rejected):
        first = day_of(first_ms, listing.time_zone)
        last = day_of(first_ms + listing.audio_ms, listing.time_zone)
        return {first, last}
    return set()


def _rows(record: Record) -> list[Row]:
    """The event's rows. Raises Rejected for a moment or a day that no table can hold."""
    try:
        return rows_of(record)
    except (ArithmeticError, ValueError) as error:
        raise Rejected(Reason.ROW_REFUSED, type(error).__name__) from None


def _with_rows_that_go(made: Sequence[tuple[Event, list[Row]]]) -> set[SessionId]:
    """The sessions with a row that goes when they are erased. All others need no guard."""
    found: set[SessionId] = set()
    for event, rows in made:
        if isinstance(event, SessionEvent) and any(not stays_after_erasure(row[0]) for row in rows):
            found.add(event.session_id)
    return found


def _wanted(event: Event, rows: list[Row], erased: set[SessionId]) -> list[Row]:
    """The event's rows; of an erased session only those that stay."""
    if isinstance(event, SessionEvent) and event.session_id in erased:
        return [row for row in rows if stays_after_erasure(row[0])]
    return rows

"""An erased session stays gone while anything of it can come back. Then its markers leave."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from adapters.erasure.erasable_objects import is_erased
from adapters.erasure.record import ErasureRecord
from adapters.warehouse import Warehouse
from consumers.erasure import old_marks
from consumers.erasure.late_writes import AFTER_MS, FIRST_MS, SPAN_MS
from consumers.erasure.step import Erasure
from consumers.runtime.outcome import Done, Record
from consumers.sink.rows import rows_of
from consumers.sink.step import Sink
from deploy.backup.erased_since import erase_again
from schemas import topics
from schemas.days import unix_ms_of
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.ids import EventId, SessionId
from schemas.object_kinds import CHUNK
from schemas.retention import LONGEST_REPLAY_MS, MARKS_MS
from schemas.session_events import SessionErased
from schemas.session_requests import EraseRequested
from schemas.word_events import WarehouseChanged, WordsCounted
from tests.fakes import CaughtUp, RecordedStatements, erasure_record
from tests.integration.served import filled
from tests.memory_blob_store import MemoryBlobStore
from tests.reference.history import Recorded, Utterance
from tests.reference.telling import put, records

HOUR_MS = 3_600_000
START_MS = unix_ms_of(datetime(2028, 3, 1, 12, tzinfo=UTC))
TALKS = [
    Recorded(
        f"m{n}", START_MS, "UTC", 60_000, {"S1": 9_000}, {"S1": 9}, (Utterance("S1", "lah", 0),), ()
    )
    for n in range(3)
]


class Now:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.ms = unix_ms_of(datetime.now(UTC))

    def __call__(self) -> int:
        return self.ms


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with filled(tmp_path_factory.mktemp("marks")) as found:
        yield found


@pytest.fixture
def warehouse(server: Warehouse) -> Warehouse:
    server.command("TRUNCATE TABLE erased_sessions")
    return server


def erased(session: str) -> Record:
    """As the fold decides it."""
    event = SessionErased(
        occurred_at_ms=1,
        session_id=SessionId(session),
        caused_by=EventId("request"),
        request_id="request",
        recorded_at_ms=START_MS,
        audio_ms=60_000,
    )
    return Record(topics.DECIDED, 0, 1, event)


def counted(warehouse: Warehouse, session: str) -> int:
    """Counted words that have a row, of a former version too."""
    asked = "SELECT uniqExact(window, ordinal) AS n FROM word_events WHERE session_id = {s:String}"
    return int(warehouse.query(asked, {"s": session})[0]["n"])


def marked(warehouse: Warehouse, blobs: MemoryBlobStore) -> set[str]:
    """Sessions that are marked, the same ones in both stores."""
    rows = {row["session_id"] for row in warehouse.query("SELECT session_id FROM erased_sessions")}
    ids = [SessionId(talk.session_id) for talk in TALKS]
    assert {session for session in ids if is_erased(blobs, session)} == rows
    return rows


def test_markers_outlive_every_replay_and_then_leave(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(old_marks, "AT_ONCE", 1)
    now = Now()
    blobs = MemoryBlobStore(now)
    step = Erasure(blobs, warehouse, now, CaughtUp(), (), lambda _: None, erasure_record())
    sink = Sink(warehouse, now)
    told = [record for talk in TALKS for record in records(talk)]
    sink.process(told)
    for session in ("m0", "m1"):
        (outcome,) = step.process([erased(session)])
        assert isinstance(outcome, Done)
    before = now.ms
    for later in (HOUR_MS, LONGEST_REPLAY_MS, MARKS_MS - HOUR_MS):
        now.ms = before + later
        step.keep_house()
        sink.process(told)  # everything, as a replay brings it
        assert [counted(warehouse, talk.session_id) for talk in TALKS] == [0, 0, 1]
        assert marked(warehouse, blobs) == {"m0", "m1"}
    now.ms = before + MARKS_MS + HOUR_MS
    step.keep_house()
    assert marked(warehouse, blobs) == set()
    assert any(isinstance(record.event, WordsCounted) for record in told)


def test_a_session_that_is_erased_again_is_marked_anew(warehouse: Warehouse) -> None:
    now = Now()
    blobs = MemoryBlobStore(now)
    step = Erasure(blobs, warehouse, now, CaughtUp(), (), lambda _: None, erasure_record())
    warehouse.insert(
        "erased_sessions",
        ["session_id", "first", "last", "erased_at"],
        [["m2", date(2028, 3, 1), date(2028, 3, 1), datetime(2020, 1, 1, tzinfo=UTC)]],
    )
    step.keep_house()
    step.process([erased("m2")])  # its marker is as old as can be: removed, then set again
    now.ms += 2 * HOUR_MS
    step.keep_house()
    assert marked(warehouse, blobs) == {"m2"}


def test_what_was_written_late_of_an_erased_session_is_gone_a_day_later(
    warehouse: Warehouse,
) -> None:
    """A chunk of which no gateway came to tell, and an insert that the sink had given up."""
    now = Now()
    blobs = MemoryBlobStore(now)
    asked: list[tuple[Topic, Event]] = []
    step = Erasure(blobs, warehouse, now, CaughtUp(), (), asked.extend, erasure_record())
    step.process([erased("m0")])
    audio = CHUNK.key(session_id=SessionId("m0"), seq=0, sha256="a" * 64)
    blobs.put(audio, b"", "audio/wav")
    for record in records(TALKS[0]):
        for table, columns in rows_of(record):
            put(warehouse, table, columns)
    now.ms += HOUR_MS
    step.keep_house()
    assert (counted(warehouse, "m0"), blobs.has(audio), asked) == (1, True, [])
    now.ms += AFTER_MS
    for _ in range((FIRST_MS + AFTER_MS) // SPAN_MS + 1):
        step.keep_house()
    assert (counted(warehouse, "m0"), blobs.has(audio)) == (0, False)
    ((topic, changed),) = asked
    assert isinstance(changed, WarehouseChanged)
    assert (topic, "2028-03-01" in changed.days) == (topics.WAREHOUSE_CHANGED, True)
    assert marked(warehouse, blobs) == {"m0"}


def test_a_restore_erases_what_was_erased_after_its_backup(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    """The stores are as a backup of before brought them back; the log comes once more, too."""
    now = Now()
    blobs = MemoryBlobStore(now)
    record = ErasureRecord(tmp_path)
    sink = Sink(warehouse, now)
    told = [one for talk in TALKS for one in records(talk)]
    sink.process(told)
    audio = CHUNK.key(session_id=SessionId("m0"), seq=0, sha256="a" * 64)
    blobs.put(audio, b"", "audio/wav")
    before = Erasure(
        MemoryBlobStore(), RecordedStatements(), now, CaughtUp(), (), lambda _: None, record
    )
    event = replace(erased("m0").event, occurred_at_ms=now.ms, event_id="")
    before.process([Record(topics.DECIDED, 0, 1, event)])  # on the servers that were lost
    asked: list[tuple[Topic, Event]] = []
    assert erase_again(record, now.ms, blobs, warehouse, asked.extend, dict) == 1
    assert not blobs.has(audio)
    sink.process(told)
    assert [counted(warehouse, talk.session_id) > 0 for talk in TALKS] == [False, True, True]
    assert marked(warehouse, blobs) == {"m0"}
    ((topic, request),) = asked
    assert isinstance(request, EraseRequested)
    assert (topic, request.by) == (topics.INBOUND, "owner")

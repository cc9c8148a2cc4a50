"""The erasure step over stores in memory, and what it is asked to erase."""

from collections.abc import Sequence

from adapters.erasure.record import ErasureRecord
from consumers.erasure.step import Erasure
from consumers.runtime.outcome import Done, Outcome, Record
from schemas.erasure import TABLES, DeleteSession
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.ids import EventId, SessionId
from schemas.object_kinds import ATTRIBUTED_WORDS, CHUNK
from schemas.people_events import UserErased
from schemas.session_events import SessionErased
from tests.fakes import RecordedStatements, erasure_record
from tests.golden import example_of
from tests.memory_blob_store import MemoryBlobStore

SESSION = SessionId("0198-session")
MORNING_MS = 1_767_225_600_000  # 2026-01-01 00:00 UTC
DIGEST = "0" * 64
AUDIO = CHUNK.key(session_id=SESSION, seq=0, sha256=DIGEST)
WORDS = ATTRIBUTED_WORDS.key(session_id=SESSION, window=0, sha256=DIGEST)
DELETED = [name for name, rule in TABLES.items() if isinstance(rule.session, DeleteSession)]


class SinkProgress:
    """A sink that is behind until `passed` is set. `asked` counts the looks at the topics' ends."""

    def __init__(self, passed: bool) -> None:
        self.passed = passed
        self.asked = 0
        self.is_connected = False

    def ends(self) -> dict[tuple[str, int], int]:
        self.asked += 1
        self.is_connected = True
        return {("topic", 0): 7}

    def has_passed(self, ends: dict[tuple[str, int], int]) -> bool:
        assert ends == {("topic", 0): 7}
        self.is_connected = True
        return self.passed

    def close(self) -> None:
        self.is_connected = False


class Stores:
    """Stores that the step works on."""

    def __init__(
        self,
        *,
        sink_has_passed: bool = True,
        warehouse: RecordedStatements | None = None,
        sink: SinkProgress | None = None,
        folds: Sequence[SinkProgress] = (),
        record: ErasureRecord | None = None,
    ) -> None:
        self.now_ms = 5
        self.of_store_ms = 5
        self.blobs = MemoryBlobStore(lambda: self.of_store_ms)
        self.warehouse = warehouse or RecordedStatements()
        self.sink = sink or SinkProgress(sink_has_passed)
        self.published: list[tuple[Topic, Event]] = []
        self.clock_s = 0.0
        self.record = record or erasure_record()
        self._step = Erasure(
            self.blobs,
            self.warehouse,
            lambda: self.now_ms,
            self.sink,
            folds,
            self.published.extend,
            self.record,
            lambda: self.clock_s,
        )
        for key in (AUDIO, WORDS):
            self.blobs.put(key, b"", "text/plain")

    def keep_house(self) -> None:
        """As the loop does while no message comes."""
        self._step.keep_house()

    def process_all(self, topic: Topic, events: list[Event]) -> list[Outcome]:
        records = [Record(topic, 0, n, event) for n, event in enumerate(events)]
        return self._step.process(records)

    def outcome(self, topic: Topic, event: Event) -> Outcome:
        (outcome,) = self._step.process([Record(topic, 0, 1, event)])
        return outcome

    def process(self, topic: Topic, event: Event) -> Done:
        outcome = self.outcome(topic, event)
        assert isinstance(outcome, Done)
        return outcome


def session_erased() -> SessionErased:
    return SessionErased(
        occurred_at_ms=1,
        session_id=SESSION,
        caused_by=EventId("request"),
        request_id="request",
        recorded_at_ms=MORNING_MS,
        audio_ms=60_000,
    )


def user_erased() -> UserErased:
    return example_of(UserErased)


def statements_of(warehouse: RecordedStatements) -> list[str]:
    return [" ".join(sql.split()) for sql, _ in warehouse.commands]

"""Erasure of sessions, texts and people, without servers."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.erasure.erasable_objects import is_erased, is_expired
from adapters.erasure.erasable_rows import Days, ErasableRows
from consumers.erasure.repeats import covered
from consumers.erasure.step import PATIENCE_S, Erasure
from consumers.erasure.user_erasure import CREDITED, changes, erase_again
from consumers.runtime.outcome import DeadLettered, Done, Dropped, Outcome, Postponed, Record
from consumers.sink.step import Sink
from schemas import topics
from schemas.claim_events import ForgetRequested, ReleaseRequested
from schemas.erasure import TABLES, DeleteSession, Recomputed
from schemas.event import Event
from schemas.ids import EventId, SessionId, UserId
from schemas.object_kinds import ATTRIBUTED_WORDS, CHUNK
from schemas.people_events import GroupAction, GroupChangeRequested, UserErased
from schemas.rejections import Reason
from schemas.session_events import SessionErased, TextExpired
from schemas.session_rows import SessionListing
from schemas.topics import Topic
from schemas.word_events import WarehouseChanged, WordsCounted
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


class SinkThatCatchesUp(SinkProgress):
    """It writes what it still had between two questions of the step."""

    def __init__(self, warehouse: RecordedStatements) -> None:
        super().__init__(passed=True)
        self._warehouse = warehouse

    def has_passed(self, ends: dict[tuple[str, int], int]) -> bool:
        self._warehouse.answers["FROM claim_changes"] = [{"session_id": SESSION}]
        return super().has_passed(ends)


class Stores:
    """Stores that the step works on."""

    def __init__(
        self,
        *,
        sink_has_passed: bool = True,
        warehouse: RecordedStatements | None = None,
        sink: SinkProgress | None = None,
        folds: Sequence[SinkProgress] = (),
    ) -> None:
        self.blobs = MemoryBlobStore()
        self.warehouse = warehouse or RecordedStatements()
        self.sink = sink or SinkProgress(sink_has_passed)
        self.published: list[tuple[Topic, Event]] = []
        self.clock_s = 0.0
        self.record = erasure_record()
        self._step = Erasure(
            self.blobs,
            self.warehouse,
            lambda: 5,
            self.sink,
            folds,
            self.published.extend,
            self.record,
            lambda: self.clock_s,
        )
        for key in (AUDIO, WORDS):
            self.blobs.put(key, b"", "text/plain")

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


def test_days_of_a_session_have_slack_for_every_time_zone() -> None:
    days = Days.of(MORNING_MS, 24 * 3_600_000)
    assert (days.first, days.last) == (date(2025, 12, 30), date(2026, 1, 4))
    assert days.each() == (
        "2025-12-30",
        "2025-12-31",
        "2026-01-01",
        "2026-01-02",
        "2026-01-03",
        "2026-01-04",
    )


def test_an_erased_session_loses_its_objects_and_is_marked_everywhere() -> None:
    on = Stores()
    outcome = on.process(topics.DECIDED, session_erased())
    assert is_erased(on.blobs, SESSION)
    assert len(on.blobs.keys("")) == 1
    ((table, _, rows),) = on.warehouse.written
    assert (table, list(rows)) == (
        "erased_sessions",
        [[SESSION, date(2025, 12, 30), date(2026, 1, 3)]],
    )
    ((topic, changed),) = outcome.events
    assert topic is topics.WAREHOUSE_CHANGED
    assert isinstance(changed, WarehouseChanged)
    assert changed.days[0] == "2025-12-30"


def test_every_table_that_has_rows_of_the_session_loses_them() -> None:
    on = Stores()
    on.warehouse.answers["SELECT 1 AS one"] = [{"one": 1}]
    on.process(topics.DECIDED, session_erased())
    assert [sql.split()[2] for sql in statements_of(on.warehouse)] == DELETED
    dated = (
        "ALTER TABLE word_events DELETE WHERE session_id = {session:String}"
        " AND window_day BETWEEN toDate({first:String}) AND toDate({last:String})"
        " SETTINGS mutations_sync = 1"
    )
    assert dated in statements_of(on.warehouse)


def test_a_table_without_rows_of_the_session_is_not_rewritten() -> None:
    on = Stores()
    on.process(topics.DECIDED, session_erased())
    assert on.warehouse.commands == []


def test_an_expired_text_leaves_the_audio() -> None:
    on = Stores()
    expired = TextExpired(occurred_at_ms=1, session_id=SESSION)
    assert on.process(topics.DECIDED, expired) == Done()
    assert is_expired(on.blobs, SESSION)
    assert AUDIO in on.blobs.keys("")
    assert WORDS not in on.blobs.keys("")


def test_the_folds_are_asked_to_release_what_is_a_persons_by_the_same_requests() -> None:
    on = Stores()
    on.warehouse.answers["\nSELECT session_id, speaker FROM claims"] = [
        {"session_id": SESSION, "speaker": "S2"}
    ]
    on.warehouse.answers["\nSELECT group_id FROM group_members"] = [{"group_id": "friends"}]
    for _ in range(2):
        on.process(topics.USERS_DECIDED, user_erased())
    first = on.published[:2]
    second = on.published[2:]
    assert first == second
    (to_credits, release), (to_groups, leave) = first
    assert (to_credits, to_groups) == (topics.CLAIMS_REQUESTED, topics.GROUPS_REQUESTED)
    assert isinstance(release, ReleaseRequested)
    assert (release.session_id, release.speaker) == (SESSION, "S2")
    assert isinstance(leave, GroupChangeRequested)
    assert (leave.group_id, leave.action) == ("friends", GroupAction.ERASE_MEMBER)


def test_a_persons_rows_go_when_the_folds_and_the_sink_are_done() -> None:
    on = Stores(sink_has_passed=False)
    assert isinstance(on.outcome(topics.USERS_DECIDED, user_erased()), Postponed)
    on.sink.passed = True
    on.warehouse.answers["AS n"] = [{"n": 1}]
    assert isinstance(on.outcome(topics.USERS_DECIDED, user_erased()), Postponed)
    assert on.warehouse.commands == []
    on.warehouse.answers["AS n"] = [{"n": 0}]
    assert on.process(topics.USERS_DECIDED, user_erased()) == Done()
    assert on.sink.asked == 2  # before the folds are asked, and when they have answered
    found = statements_of(on.warehouse)
    assert found[0].startswith("INSERT INTO erased_users")  # the marker first
    assert found[1].startswith("ALTER TABLE requests DELETE WHERE requested_by = {user:String}")
    assert all(sql.endswith("SETTINGS mutations_sync = 1") for sql in found[1:])
    values: Mapping[str, Any] = on.warehouse.commands[1][1]
    assert values["user"] == user_erased().user_id
    assert str(values["nobody"]).startswith("erased-")
    assert values["nobody"] != UserId(user_erased().user_id)


def test_nothing_is_overlooked_that_the_sink_writes_while_it_is_asked() -> None:
    warehouse = RecordedStatements()
    on = Stores(warehouse=warehouse, sink=SinkThatCatchesUp(warehouse))
    on.process(topics.USERS_DECIDED, user_erased())
    assert [type(event) for _, event in on.published] == [ForgetRequested]


def test_no_row_is_written_of_somebody_erased_by_a_fold_that_answers_late() -> None:
    """A merge may have moved a claim of which the warehouse does not know: nothing is left there.

    The fold then takes back the counts of that voice, and the sink writes zeros with the id.
    """
    fold = SinkProgress(passed=False)
    on = Stores(folds=[fold])
    on.warehouse.answers["FROM claim_changes"] = [{"session_id": SESSION}]
    assert isinstance(on.outcome(topics.USERS_DECIDED, user_erased()), Postponed)
    assert [type(event) for _, event in on.published] == [ForgetRequested]
    fold.passed = True
    on.sink.passed = False  # the answer is there, and is not written
    assert isinstance(on.outcome(topics.USERS_DECIDED, user_erased()), Postponed)
    assert on.warehouse.commands == []
    on.sink.passed = True
    assert on.process(topics.USERS_DECIDED, user_erased()) == Done()
    assert not on.sink.is_connected
    assert not fold.is_connected


def test_connections_are_held_while_a_person_waits_and_no_longer() -> None:
    on = Stores(sink_has_passed=False)
    others = replace(user_erased(), user_id=UserId("another"), event_id="")
    on.process_all(topics.USERS_DECIDED, [user_erased(), others])
    on.sink.passed = True
    on.process(topics.USERS_DECIDED, user_erased())
    assert on.sink.is_connected  # for the one who waits still
    on.process(topics.USERS_DECIDED, others)
    assert not on.sink.is_connected


def test_an_erasure_that_another_one_covers_holds_no_connections() -> None:
    on = Stores(sink_has_passed=False)
    newer = replace(user_erased(), request_id="again", event_id="")
    for event in (user_erased(), newer):
        on.outcome(topics.USERS_DECIDED, event)
    on.sink.passed = True
    covered_one, done = on.process_all(topics.USERS_DECIDED, [user_erased(), newer])
    assert (type(covered_one), type(done)) == (Dropped, Done)
    assert not on.sink.is_connected


def test_those_behind_an_erasure_that_waits_are_erased_at_once() -> None:
    on = Stores(sink_has_passed=False)
    waits, done = on.process_all(topics.DECIDED, [user_erased(), session_erased()])
    assert isinstance(waits, Postponed)
    assert isinstance(done, Done)
    assert is_erased(on.blobs, SESSION)


def test_nobody_waits_for_ever_for_a_fold_that_releases_nothing() -> None:
    on = Stores()
    on.warehouse.answers["AS n"] = [{"n": 1}]
    assert isinstance(on.outcome(topics.USERS_DECIDED, user_erased()), Postponed)
    on.clock_s = PATIENCE_S
    outcome = on.outcome(topics.USERS_DECIDED, user_erased())
    assert isinstance(outcome, DeadLettered)
    assert outcome.reason == Reason.ERASURE_WAITED
    assert statements_of(on.warehouse)[0].startswith("INSERT INTO erased_users")


@pytest.mark.parametrize(
    "year_ms", [-62_135_596_800_000, -1, 0, 5_680_281_600_000, 253_370_764_800_000]
)
def test_a_session_of_any_year_can_be_erased(year_ms: int) -> None:
    days = Days.of(year_ms, 12 * 3_600_000)
    assert date(1970, 1, 1) <= days.first < days.last <= date(2149, 6, 6)


class CameBack(RecordedStatements):
    """Every table has rows of the person again. `counted`: user_days too, once it was cleaned."""

    def __init__(self, *, counted: bool) -> None:
        super().__init__()
        self._counted = counted
        self.cleaned_when_asked: list[bool] = []

    def _answer(self, sql: str) -> list[dict[str, Any]]:
        if sql != CREDITED:
            return [{"one": 1}]
        tables = [statement.split()[2] for statement, _ in self.commands]
        self.cleaned_when_asked.append("user_days" in tables)
        return [{"one": 1}] if self._counted else []


def test_sixty_equal_erasures_cost_one() -> None:
    once = Stores()
    often = Stores()
    once.process(topics.USERS_DECIDED, user_erased())
    equal: list[Event] = [
        replace(user_erased(), event_id=EventId(""), request_id=f"r{n}", occurred_at_ms=n)
        for n in range(60)
    ]
    outcomes = often.process_all(topics.USERS_DECIDED, equal)
    assert len(often.warehouse.commands) == len(once.warehouse.commands)
    assert [isinstance(outcome, Dropped) for outcome in outcomes] == [True] * 59 + [False]
    assert {dict(values or {}).get("until_ms") for _, values in often.warehouse.commands} <= {
        59,
        None,
    }


def test_an_erasure_covers_none_of_somebody_else_and_none_that_is_newer() -> None:
    first = replace(user_erased(), event_id=EventId(""), request_id="a", occurred_at_ms=9)
    older = replace(user_erased(), event_id=EventId(""), request_id="b", occurred_at_ms=3)
    other = replace(older, event_id=EventId(""), user_id=UserId("else"))
    assert covered([first, older, other, session_erased()]) == {1}


def test_an_erasure_that_comes_twice_is_done_once() -> None:
    """Somebody whose request got no answer in time sends it again: both have one id."""
    for topic, event in (
        (topics.DECIDED, session_erased()),
        (topics.DECIDED, TextExpired(occurred_at_ms=1, session_id=SESSION)),
        (topics.USERS_DECIDED, user_erased()),
    ):
        once = Stores()
        twice = Stores()
        once.process(topic, event)
        again = replace(event, occurred_at_ms=event.occurred_at_ms + 1)
        outcomes = twice.process_all(topic, [event, again])
        assert [type(outcome) for outcome in outcomes] == [Dropped, Done]
        assert len(twice.warehouse.commands) == len(once.warehouse.commands)
        assert is_erased(twice.blobs, SESSION) == is_erased(once.blobs, SESSION)
        assert is_expired(twice.blobs, SESSION) == is_expired(once.blobs, SESSION)


@pytest.mark.parametrize("counted", [True, False])
def test_snapshots_of_somebody_with_counts_since_then_are_left_alone(counted: bool) -> None:
    warehouse = CameBack(counted=counted)
    erase_again(warehouse, UserId("ann"), 5)
    tables = [change.table for change in changes()]
    snapshots = {table for table in tables if isinstance(TABLES[table].session, Recomputed)}
    assert len(snapshots) > 1
    left_alone = snapshots if counted else set()
    expected = [table for table in tables if table not in left_alone]
    assert [sql.split()[2] for sql in statements_of(warehouse)] == expected
    assert warehouse.cleaned_when_asked == [True]  # one question, once the counts are cleaned


def test_nothing_is_rewritten_when_nothing_came_back() -> None:
    warehouse = RecordedStatements()
    erase_again(warehouse, UserId("ann"), 5)
    assert warehouse.commands == []


def marked(event_session: SessionId) -> dict[str, Any]:
    days = {"first": date(2026, 1, 1), "last": date(2026, 1, 3)}
    return {"session_id": event_session, **days}


def test_the_sink_writes_of_an_erased_session_only_that_it_is_erased() -> None:
    warehouse = RecordedStatements()
    counted = example_of(WordsCounted)
    listing = example_of(SessionListing)
    warehouse.answers["FROM erased_sessions"] = [
        marked(session) for session in {counted.session_id, listing.session_id}
    ]
    records = [
        Record(topics.COUNTED, 0, 1, counted),
        Record(topics.DIRECTORY, 0, 2, listing),
    ]
    Sink(warehouse, lambda: 5).process(records)
    assert {table for table, _, _ in warehouse.written} <= {"sessions", "group_sessions"}
    assert warehouse.written


class MarkedMeanwhile(RecordedStatements):
    """A warehouse in which the session is marked while the sink writes."""

    def _answer(self, sql: str) -> list[dict[str, Any]]:
        if "FROM erased_sessions" in sql:
            return [marked(SESSION)] if self.written else []
        return [{"one": 1}] if "AS one" in sql else super()._answer(sql)


def test_the_sink_removes_what_it_wrote_while_a_session_was_erased() -> None:
    warehouse = MarkedMeanwhile()
    Sink(warehouse, lambda: 5).process(
        [Record(topics.DECIDED, 0, 1, TextExpired(occurred_at_ms=1, session_id=SESSION))]
    )
    assert [table for table, _, _ in warehouse.written] == ["expired_texts"]
    assert [sql.split()[2] for sql in statements_of(warehouse)] == DELETED


def test_markers_are_read_in_questions_of_bounded_length() -> None:
    lengths: list[int] = []

    class Counting(RecordedStatements):
        def query(
            self,
            sql: str,
            parameters: Mapping[str, Any] | None = None,
            *,
            row: Any = dict[str, Any],
        ) -> list[Any]:
            lengths.append(len((parameters or {})["ids"]))
            return []

    sessions = {SessionId(f"session-{n}") for n in range(4_500)}
    assert ErasableRows(Counting()).erased(sessions) == set()
    assert lengths == [2_000, 2_000, 500]

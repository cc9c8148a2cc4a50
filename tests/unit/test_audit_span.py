"""An audit judges sessions that are at rest, and finds those that make no progress."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from adapters.process.clock import SKEW_MS
from deploy.audit.log import OF_SESSIONS, Pass
from deploy.audit.log_facts import LogFacts, Logged
from deploy.audit.pace import Pace
from deploy.audit.report import Fate
from deploy.audit.session import judged, stuck
from deploy.audit.span import STUCK_MS, Span
from deploy.audit.stored_rows import StoredRows
from schemas import topics
from schemas.fact_sheet import SESSION_PARTITIONS
from schemas.ids import SessionId, UserId
from schemas.limits import DAY_MS, FIRST_DAY, LAST_DAY
from schemas.phone_events import ChunkUploaded
from schemas.session_events import State
from schemas.session_rows import SessionListing
from schemas.speech_events import WindowVoiced
from tests.golden import example_of

NOW_MS = 1_800_000_000_000
SPAN = Span(settle_ms=30_000)


def listed(state: State, quiet_ms: int, *, waits: bool = False) -> LogFacts:
    facts = LogFacts(SessionId("s"), NOW_MS, waits=waits)
    listing = SessionListing(
        caused_by="e",  # type: ignore[arg-type]
        occurred_at_ms=NOW_MS - quiet_ms,
        session_id=SessionId("s"),
        owner=UserId("u"),
        group_id=None,
        state=state,
        generation=1,
        recorded_at_ms=NOW_MS - 3_600_000,
        time_zone="UTC",
        audio_ms=1,
        received=(),
        conflicts=(),
        expected=None,
    )
    facts.take(listing, Logged("session.directory.v1", 0, 0))
    return facts


@pytest.mark.parametrize(
    ("facts", "moves"),
    [
        (listed(State.READY, 40_000), False),
        (listed(State.READY, 20_000), True),
        (listed(State.READY, 40_000, waits=True), True),
        (listed(State.PROCESSING, 40_000), True),
        (listed(State.RECORDING, 40_000), True),
        (listed(State.PROCESSING, STUCK_MS), False),
        (listed(State.READY, STUCK_MS, waits=True), False),
        (listed(State.ERASED, 40_000), False),
    ],
)
def test_a_session_moves_while_a_stage_has_something_to_read_of_it(
    facts: LogFacts, moves: bool
) -> None:
    assert SPAN.is_moving(facts, NOW_MS) is moves


def test_a_session_that_is_never_final_makes_no_progress() -> None:
    late = listed(State.PROCESSING, STUCK_MS)
    assert SPAN.is_stuck(late, NOW_MS)
    assert not SPAN.is_stuck(listed(State.PROCESSING, STUCK_MS - 1), NOW_MS)
    assert not SPAN.is_stuck(listed(State.READY, STUCK_MS), NOW_MS)
    assert "processing and makes no progress" in stuck(late).what


@pytest.mark.parametrize("ahead_ms", [SKEW_MS + 1, 365 * DAY_MS])
def test_a_clock_that_is_ahead_keeps_no_session_from_being_judged(ahead_ms: int) -> None:
    """Before, it moved until that time, and the audit said 0."""
    at_rest = listed(State.READY, 40_000)
    stuck_one = listed(State.PROCESSING, STUCK_MS)
    for facts in (at_rest, stuck_one):
        voiced = replace(example_of(WindowVoiced), occurred_at_ms=NOW_MS + ahead_ms)
        facts.take(voiced, Logged("speech.window.voiced.v1", 0, 0))
    assert not SPAN.is_moving(at_rest, NOW_MS)
    assert SPAN.is_stuck(stuck_one, NOW_MS)


def test_a_session_of_which_a_clock_that_is_right_wrote_after_the_look_began_moves() -> None:
    """Before, it was as old as what came before: at rest, or stuck."""
    for facts in (listed(State.READY, 40_000), listed(State.PROCESSING, STUCK_MS)):
        voiced = replace(example_of(WindowVoiced), occurred_at_ms=NOW_MS + 1)
        facts.take(voiced, Logged("speech.window.voiced.v1", 0, 0))
        assert SPAN.is_moving(facts, NOW_MS)
        assert not SPAN.is_stuck(facts, NOW_MS)


def test_a_session_that_nobody_started_is_not_stuck_and_its_chunks_are_dead_letters() -> None:
    facts = LogFacts(SessionId("s"))
    chunk = ChunkUploaded(
        occurred_at_ms=1,
        session_id=SessionId("s"),
        owner=UserId("u"),
        seq=0,
        sha256="0" * 64,
        size=1,
        content_type="audio/flac",
        start_ms=0,
        duration_ms=1,
    )
    place = Logged("session.inbound.v1", 0, 9)
    facts.take(chunk, place)
    assert not SPAN.is_stuck(facts, NOW_MS)
    found = judged(facts, None, StoredRows(), letters={chunk.event_id}, objects=())
    assert found.fates[Fate.DEAD_LETTERED] == 1
    (lost,) = judged(facts, None, StoredRows(), letters=(), objects=()).differences
    assert lost.where == str(place)


def test_a_span_holds_the_sessions_that_were_recorded_in_it() -> None:
    recorded_ms = NOW_MS - 3_600_000
    one = listed(State.READY, 0)
    assert Span(recorded_ms, recorded_ms + 1).holds(one)
    assert not Span(recorded_ms + 1).holds(one)
    assert not Span(0, recorded_ms).holds(one)
    assert Span(recorded_ms).holds(LogFacts(SessionId("of nobody")))


def test_days_of_a_span_are_days_of_the_warehouse() -> None:
    assert Span().days().first == FIRST_DAY
    assert Span().days().last <= LAST_DAY
    day = Span(NOW_MS, NOW_MS).days()
    assert (day.last - day.first).days == 4


@given(st.binary(), st.integers(1, 50))
def test_a_session_is_in_exactly_one_pass(session_id: bytes, of: int) -> None:
    passes = [Pass([0], number, of) for number in range(of)]
    assert [one.holds(session_id) for one in passes].count(True) == 1


def test_every_topic_of_sessions_is_read_but_provisional_facts() -> None:
    of_sessions = {topic for topic in topics.ALL if topic.key == ("session_id",)}
    assert of_sessions - set(OF_SESSIONS) == {topics.PROVISIONAL}
    assert {topic.partitions for topic in OF_SESSIONS} == {SESSION_PARTITIONS}


def test_reads_are_spread_in_time() -> None:
    slept: list[float] = []
    pace = Pace(per_s=10, now=lambda: 5.0, sleep=slept.append)
    for _ in range(3):
        pace.wait()
    assert slept == pytest.approx([0.0, 0.1, 0.2])

"""Chunks in any order, repeated or not, give the same windows and the same timeline."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from adapters.table import Table
from schemas.claim_events import ClaimKind, SpeakerClaimed
from schemas.event import Event
from schemas.ids import EventId, SessionId, SpeakerLabel, UserId
from schemas.phone_events import ChunkUploaded, Consent, SessionEnded, SessionStarted
from schemas.rejections import Rejected
from schemas.session_events import (
    RequestAccepted,
    RequestRejected,
    SessionCompleted,
    SessionErased,
    SessionReady,
    SessionSealed,
    State,
    TextExpired,
    Tick,
)
from schemas.session_requests import EraseRequested, HintRequested, RecountRequested
from schemas.session_rows import SessionListing, SessionProgress
from schemas.speech_events import SpeakersIdentified, WindowReady, WindowTranscribed
from schemas.word_events import SessionCounted, WordsCounted
from streams.sessions.due import AGAIN_MS, MOST, DueIndex, DueSessions
from streams.sessions.fold import shape
from streams.sessions.state import Rules
from tests import folding
from tests.speakers import speakers_identified

RULES = Rules(
    window_ms=20_000,
    margin_before_ms=10_000,
    in_flight=99,
    grace_ms=30_000,
    gap_wait_ms=60_000,
    idle_ms=600_000,
    patience_ms=120_000,
    lexicon="1",
)
SESSION = SessionId("s")
OWNER = UserId("u")
STARTED = SessionStarted(
    occurred_at_ms=0,
    session_id=SESSION,
    owner=OWNER,
    time_zone="Asia/Singapore",
    recorded_at_ms=0,
    consent=Consent(text_version="1", agreed_at_ms=0),
)
ENDED = SessionEnded(occurred_at_ms=9, session_id=SESSION, owner=OWNER, chunks=4)


def chunk(seq: int, owner: UserId = OWNER) -> ChunkUploaded:
    return ChunkUploaded(
        occurred_at_ms=1,
        session_id=SESSION,
        owner=owner,
        seq=seq,
        sha256=f"{seq}",
        size=1,
        content_type="x",
        start_ms=seq * 30_000,
        duration_ms=30_000 if seq < 3 else 18_800,
    )


def run(events: list[Event], table: dict[str, bytes] | None = None) -> list[Event]:
    return folding.run(shape(RULES).run, events, table)


def essence(out: list[Event]) -> tuple[object, object]:
    """Returns the newest revision of every window, and the timeline of each generation."""
    newest = {
        w.window: w
        for w in sorted((w for w in out if isinstance(w, WindowReady)), key=lambda w: w.revision)
    }
    seals = [s for s in out if isinstance(s, SessionSealed)]
    assert [newest[n].revision for n in sorted(newest)] == list(seals[-1].windows)
    windows = [(n, newest[n].start_ms, newest[n].end_ms, newest[n].chunks) for n in sorted(newest)]
    return windows, [(s.generation, len(s.windows), s.total_ms, s.gaps) for s in seals]


STRAIGHT = essence(run([STARTED, *map(chunk, range(4)), ENDED]))


def test_straight() -> None:
    windows, sealed = STRAIGHT
    assert sealed == [(1, 6, 108_800, ())]
    assert len(windows) == 6  # type: ignore[arg-type]


@given(st.permutations([*map(chunk, range(4)), ENDED, chunk(1), chunk(3), ENDED]))
def test_any_order_any_repeats(events: list[Event]) -> None:
    assert essence(run([STARTED, *events])) == STRAIGHT


def test_strangers_chunks_are_ignored() -> None:
    assert essence(run([STARTED, chunk(0, UserId("x")), *map(chunk, range(4)), ENDED])) == STRAIGHT


def test_late_chunk_opens_a_generation() -> None:
    tail = ChunkUploaded(
        occurred_at_ms=99,
        session_id=SESSION,
        owner=OWNER,
        seq=4,
        sha256="4",
        size=1,
        content_type="x",
        start_ms=108_800,
        duration_ms=5_000,
    )
    _, sealed = essence(run([STARTED, *map(chunk, range(4)), ENDED, tail]))
    assert (sealed[-1][0], sealed[-1][2]) == (2, 113_800)  # type: ignore[index]


def test_an_end_that_comes_after_a_long_silence_counts_nothing_again() -> None:
    silent_for_long = [STARTED, *map(chunk, range(4)), tick(RULES.idle_ms + 1)]
    assert seals_of([*silent_for_long, ENDED]) == [(1, "sealed", "1")]
    rows = [one for one in run([*silent_for_long, ENDED]) if isinstance(one, SessionListing)]
    assert rows[-1].expected == ENDED.chunks


def recount(lexicon: str, request: str) -> RecountRequested:
    return RecountRequested(
        occurred_at_ms=200,
        session_id=SESSION,
        request_id=request,
        lexicon=lexicon,
    )


def seals_of(events: list[Event]) -> list[tuple[int, str, str]]:
    return [(s.generation, s.cause, s.lexicon) for s in run(events) if isinstance(s, SessionSealed)]


def test_a_recount_opens_a_generation_and_hears_nothing_again() -> None:
    done: list[Event] = [STARTED, *map(chunk, range(4)), ENDED]
    assert seals_of([*done, recount("2", "x"), recount("2", "x"), recount("2", "y")]) == [
        (1, "sealed", "1"),
        (2, "recount", "2"),
    ]
    assert seals_of([*done, recount("2", "x"), recount("1", "y")])[-1] == (3, "recount", "1")
    windows = [sent for sent in run([*done, recount("2", "x")]) if isinstance(sent, WindowReady)]
    assert len(windows) == len({(w.window, w.revision) for w in windows}) == 6


def test_a_recount_before_the_end_is_the_lexicon_of_the_first_generation() -> None:
    assert seals_of([STARTED, recount("2", "x"), *map(chunk, range(4)), ENDED]) == [
        (1, "sealed", "2")
    ]


def erase(request: str = "e", by: UserId = OWNER) -> EraseRequested:
    return EraseRequested(
        occurred_at_ms=300,
        session_id=SESSION,
        request_id=request,
        by=by,
    )


@given(st.permutations([*map(chunk, range(4)), ENDED, recount("2", "r"), erase()]))
def test_an_erased_session_sends_nothing_but_that_it_is_gone(events: list[Event]) -> None:
    before = events[: events.index(erase())]
    after = events[events.index(erase()) :]
    sent = run([STARTED, *events])[len(run([STARTED, *before])) :]
    listed, *erased = sent
    assert isinstance(listed, SessionListing)
    assert (listed.state, listed.received) == (State.ERASED, ())
    # A chunk that was on its way was written by then: it is to be swept up, too.
    assert [type(event) for event in erased if not isinstance(event, RequestRejected)] == (
        [SessionErased] * (1 + sum(isinstance(event, ChunkUploaded) for event in after))
    )
    refused = [event.reason for event in erased if isinstance(event, RequestRejected)]
    assert refused == ["erased"] * sum(isinstance(event, RecountRequested) for event in after)


def test_only_whoever_recorded_erases_and_a_repeat_is_answered_again() -> None:
    done: list[Event] = [STARTED, *map(chunk, range(4)), ENDED]
    assert [s.state for s in run([*done, erase(by=UserId("x"))]) if isinstance(s, SessionListing)][
        -1
    ] is State.PROCESSING
    answers = [
        s.request_id
        for s in run([*done, erase("1"), erase("1"), erase("2")])
        if isinstance(s, SessionErased)
    ]
    assert answers == ["1", "1", "2"]


def test_the_table_forgets_an_erased_session() -> None:
    held: dict[str, bytes] = {}
    run([STARTED, *map(chunk, range(4)), ENDED, erase()], held)
    assert not [
        key for key, value in held.items() if any(f'"{n}"'.encode() in value for n in range(4))
    ]  # the digests of its chunks


def tick(now_ms: int) -> Tick:
    return Tick(
        occurred_at_ms=now_ms,
        session_id=SESSION,
        now_ms=now_ms,
    )


def silent(generation: int) -> WordsCounted:
    return WordsCounted(
        occurred_at_ms=10,
        session_id=SESSION,
        window=0,
        generation=generation,
        lexicon="1",
        day="2026-11-24",
        rows=(),
        most_rows=0,
        spoken={},
        missing=(),
    )


def totalled(generation: int) -> SessionCounted:
    return SessionCounted(
        occurred_at_ms=10,
        session_id=SESSION,
        owner=OWNER,
        generation=generation,
        totals_version=1,
        lexicon="1",
        speakers=(),
        missing=(),
        total_ms=15_000,
    )


def identified(generation: int, *labels: str) -> SpeakersIdentified:
    return speakers_identified(SESSION, generation, labels, occurred_at_ms=10, talk_ms=1, turns=1)


SHORT: list[Event] = [
    replace(STARTED, keep_transcript_days=2),
    replace(chunk(0), duration_ms=15_000),
    replace(ENDED, chunks=1, event_id=""),
    identified(1),
    silent(1),
    totalled(1),
]
TWO_DAYS_MS = 2 * 24 * 3600 * 1000
HINT = HintRequested(
    occurred_at_ms=TWO_DAYS_MS,
    session_id=SESSION,
    request_id="h",
    by=OWNER,
    speakers=2,
)


def test_the_words_go_when_their_owners_days_are_over_and_nothing_is_counted_again() -> None:
    late = tick(ENDED.occurred_at_ms + TWO_DAYS_MS)
    assert [
        s
        for s in run([*SHORT, tick(ENDED.occurred_at_ms + TWO_DAYS_MS - 1)])
        if isinstance(s, TextExpired)
    ] == []
    assert (
        len([s for s in run([*SHORT, late, tick(late.now_ms * 2)]) if isinstance(s, TextExpired)])
        == 1
    )
    out = run([*SHORT, late, HINT, recount("2", "r")])
    assert [s.reason for s in out if isinstance(s, RequestRejected)] == ["text_expired"] * 2
    assert seals_of([*SHORT, late, HINT, recount("2", "r")]) == [(1, "sealed", "1")]
    with pytest.raises(Rejected, match="text_expired"):
        run([*SHORT, late, chunk(1)])


def test_the_words_of_a_session_that_is_worked_on_stay() -> None:
    assert [
        s for s in run([*SHORT[:-1], tick(TWO_DAYS_MS * 2)]) if isinstance(s, TextExpired)
    ] == []


def test_a_session_is_due_at_its_time_and_again_when_nothing_came_of_it(tmp_path: Path) -> None:
    held: dict[str, bytes] = {}
    table = Table(tmp_path, DueIndex(RULES).due)
    due = DueSessions(table, lambda: [7])

    def take(events: list[Event]) -> None:
        run(events, held)
        table.write(7, {key.encode(): value for key, value in held.items()}, reached=1)

    take(SHORT[:2])
    at = 1 + RULES.idle_ms
    assert [
        [t.session_id for t in due.ticks(now, None)] for now in (at - 1, at, at + 1, at + AGAIN_MS)
    ] == [[], [SESSION], [], [SESSION]]
    take(SHORT[2:])
    over = ENDED.occurred_at_ms + TWO_DAYS_MS
    assert [len(due.ticks(now, None)) for now in (at + 2 * AGAIN_MS, over - 1, over)] == [0, 0, 1]
    table.close()


ODD = (
    b'{"owner":"ann","state":"a state of tomorrow"}',
    b'{"owner":"ann","fault":"a reason of tomorrow"}',
    b"no row",
    b'{"a":' * 50_000,
)


@pytest.mark.parametrize(("key", "value"), [*((b"odd", odd) for odd in ODD), (b"\xff", b"{}")])
def test_a_row_that_cannot_be_read_is_never_due_and_all_others_are(
    tmp_path: Path, key: bytes, value: bytes
) -> None:
    """Before, it ended the worker at each start: each reads all rows of the changelog."""
    held: dict[str, bytes] = {}
    run(SHORT[:2], held)
    table = Table(tmp_path, DueIndex(RULES).due)
    table.write(7, {key: value, **{name.encode(): row for name, row in held.items()}}, reached=1)
    ticks = DueSessions(table, lambda: [7]).ticks(1 + RULES.idle_ms, None)
    assert [one.session_id for one in ticks] == [SESSION]
    table.close()


def test_sessions_that_stay_due_stand_in_nobodys_way() -> None:
    """Those of a stage that does not keep up are due all the time."""

    class Full:
        def due(self, partition: int, now_ms: int) -> Iterator[bytes]:
            yield from (f"{partition}-{n}".encode() for n in range(2 * MOST))

    due = DueSessions(Full(), lambda: [7])
    ticked = [tick.session_id for now_ms in (0, 1_000, 2_000) for tick in due.ticks(now_ms, None)]
    assert len(ticked) == len(set(ticked)) == 2 * MOST


def test_a_session_gets_its_tick_soon_after_the_clock_went_back() -> None:
    class One:
        def due(self, partition: int, now_ms: int) -> Iterator[bytes]:
            yield b"s"

    due = DueSessions(One(), lambda: [7])
    now_ms = 10_000_000
    moments = [now_ms, now_ms + 1_000, now_ms - 300_000, now_ms - 299_000]
    assert [len(due.ticks(moment, None)) for moment in moments] == [1, 0, 1, 0]


@given(st.permutations([*map(chunk, range(4)), ENDED, chunk(1), recount("2", "r"), ENDED]))
def test_the_directorys_row_is_sent_once_for_each_change_of_it(events: list[Event]) -> None:
    rows = [row for row in run([STARTED, *events]) if isinstance(row, SessionListing)]
    assert len({row.event_id for row in rows}) == len(rows)
    plain = [replace(row, event_id="", caused_by=EventId("x"), occurred_at_ms=0) for row in rows]
    assert all(before != after for before, after in pairwise(plain))


CLAIMED = SpeakerClaimed(
    occurred_at_ms=20,
    session_id=SESSION,
    request_id="c",
    speaker=SpeakerLabel("S1"),
    by=OWNER,
    kind=ClaimKind.SELF,
    user_id=OWNER,
    guest_name=None,
    claim_version=1,
    unclaimed=1,
)
RECORDED = SHORT[:3]


def concluded(events: list[Event]) -> list[tuple[type[Event], tuple[str, ...]]]:
    kinds = (SessionReady, SessionCompleted)
    return [(type(sent), sent.speakers) for sent in run(events) if isinstance(sent, kinds)]


def test_counts_that_are_read_before_the_speakers_complete_nothing() -> None:
    both = ("S1", "S2")
    assert concluded([*RECORDED, silent(1), totalled(1), identified(1, *both)]) == [
        (SessionReady, both)
    ]


def test_a_session_is_ready_when_its_totals_can_be_shown() -> None:
    counted: list[Event] = [*RECORDED, silent(1), identified(1, "S1")]
    assert concluded(counted) == []
    assert concluded([*counted, totalled(1)]) == [(SessionReady, ("S1",))]


def test_a_claim_that_is_read_before_the_speakers_is_one_of_them() -> None:
    events: list[Event] = [*RECORDED, CLAIMED, silent(1), totalled(1), identified(1, "S1")]
    assert concluded(events) == [(SessionCompleted, ("S1",))]


@given(st.permutations([identified(1, "S1"), silent(1), totalled(1), CLAIMED]))
def test_answers_that_are_read_before_the_start_wait_for_it(answers: list[Event]) -> None:
    assert run(answers) == []
    assert concluded([*answers, *RECORDED]) == [(SessionCompleted, ("S1",))]
    rows = [row for row in run([*answers, *RECORDED]) if isinstance(row, SessionListing)]
    assert {row.owner for row in rows} == {OWNER}


def test_answers_about_a_generation_that_is_not_open_yet_wait_for_it() -> None:
    answers: list[Event] = [silent(1), silent(2), totalled(1), totalled(2)]
    answers += [identified(1, "S1"), identified(2, "S2")]
    assert concluded([*answers, *RECORDED, HINT]) == [(SessionReady, ("S2",))]


def test_hints_in_a_row_open_one_generation_for_the_latest_of_them() -> None:
    """Before, each opened a generation, and all sixty were clustered."""
    hints = [replace(HINT, request_id=f"{n}", speakers=2 + n % 5, event_id="") for n in range(60)]
    during = [*RECORDED, *hints]
    out = run(during)
    assert [sent.generation for sent in out if isinstance(sent, SessionSealed)] == [1]
    accepted = [sent.generation for sent in out if isinstance(sent, RequestAccepted)]
    assert accepted == list(range(2, 62))
    ended = run([*during, identified(1, "S1"), silent(1), totalled(1)])
    seals = [sent for sent in ended if isinstance(sent, SessionSealed)]
    assert [(seal.generation, seal.cause, seal.hint) for seal in seals] == [
        (1, "sealed", None),
        (61, "hint", hints[-1].speakers),
    ]
    assert not [sent for sent in ended if isinstance(sent, SessionReady)]
    both = [
        identified(1, "S1"),
        silent(1),
        totalled(1),
        identified(61, "S1", "S2"),
        silent(61),
        totalled(61),
    ]
    assert concluded([*during, *both]) == [(SessionReady, ("S1", "S2"))]


def test_hints_to_a_session_that_is_ready_open_two_generations_at_most() -> None:
    hints = [replace(HINT, request_id=f"{n}", event_id="") for n in range(60)]
    ready = [*RECORDED, identified(1, "S1"), silent(1), totalled(1)]
    out = run(
        [
            *ready,
            *hints,
            identified(2, "S1"),
            silent(2),
            totalled(2),
            identified(61, "S2"),
            silent(61),
            totalled(61),
        ]
    )
    assert [sent.generation for sent in out if isinstance(sent, SessionSealed)] == [1, 2, 61]


def test_a_request_about_a_session_that_nobody_started_is_rejected_whatever_came_before() -> None:
    with pytest.raises(Rejected, match="unknown_session"):
        run([silent(1), HINT])


def test_an_answer_that_comes_twice_tells_no_progress_again() -> None:
    def told(events: list[Event]) -> int:
        return len([sent for sent in run(events) if isinstance(sent, SessionProgress)])

    words = transcribed(window=0)
    assert told([*RECORDED, words, words]) == told([*RECORDED, words]) == told(RECORDED) + 1


def transcribed(window: int) -> WindowTranscribed:
    return WindowTranscribed(
        occurred_at_ms=10,
        session_id=SESSION,
        window=window,
        revision=1,
        result=None,
        failed=None,
        missing=(),
        model="m",
        work_ms=1,
    )

"""Chunks in any order, repeated or not, give the same windows and the same timeline."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.event import Event
from schemas.ids import EventId, UserId
from schemas.phone_events import ChunkUploaded
from schemas.session_events import SessionSealed
from schemas.session_rows import SessionListing, SessionProgress
from schemas.speech_events import WindowReady, WindowTranscribed
from tests.session_history import (
    ENDED,
    OWNER,
    RECORDED,
    RULES,
    SESSION,
    STARTED,
    chunk,
    recount,
    run,
    seals_of,
    tick,
)


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


@given(st.permutations([*map(chunk, range(4)), ENDED, chunk(1), recount("2", "r"), ENDED]))
def test_the_directorys_row_is_sent_once_for_each_change_of_it(events: list[Event]) -> None:
    rows = [row for row in run([STARTED, *events]) if isinstance(row, SessionListing)]
    assert len({row.event_id for row in rows}) == len(rows)
    plain = [replace(row, event_id="", caused_by=EventId("x"), occurred_at_ms=0) for row in rows]
    assert all(before != after for before, after in pairwise(plain))


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

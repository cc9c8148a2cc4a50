"""The order in which chunks arrive, and how often, changes neither the windows nor the sealed timeline."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.event import Event
from schemas.ids import SessionId, UserId, event_id
from schemas.session_events import ChunkUploaded, Consent, SessionEnded, SessionErased, SessionListing, SessionSealed, SessionStarted, State
from schemas.session_requests import EraseRequested, RecountRequested
from schemas.speech_events import WindowReady
from streams.sessions.fold import fold
from streams.sessions.state import Rules
from streams.store import Store
from tests import folding

RULES = Rules(window_ms=20_000, margin_before_ms=10_000, in_flight=99, grace_ms=30_000, hole_ms=60_000, idle_ms=600_000, lexicon="1")
SESSION, OWNER = SessionId("s"), UserId("u")
STARTED = SessionStarted(
    event_id=event_id("a"), occurred_at_ms=0, session_id=SESSION, owner=OWNER, time_zone="Asia/Singapore", recorded_at_ms=0,
    consent=Consent(text_version="1", agreed_at_ms=0),
)  # fmt: skip
ENDED = SessionEnded(event_id=event_id("b"), occurred_at_ms=9, session_id=SESSION, owner=OWNER, chunks=4)


def chunk(seq: int, owner: UserId = OWNER) -> ChunkUploaded:
    return ChunkUploaded(
        event_id=event_id("c", seq), occurred_at_ms=1, session_id=SESSION, owner=owner, seq=seq, sha256=f"{seq}", size=1, content_type="x",
        start_ms=seq * 30_000, duration_ms=30_000 if seq < 3 else 18_800,
    )  # fmt: skip


def run(events: list[Event]) -> list[Event]:
    return folding.run(lambda store, event: fold(store, event, RULES), events)


def essence(out: list[Event]) -> tuple[object, object]:
    """The newest revision of every window, which must be the sealed one; and each generation's timeline."""
    newest = {w.window: w for w in sorted((w for w in out if isinstance(w, WindowReady)), key=lambda w: w.revision)}
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
        event_id=event_id("late"), occurred_at_ms=99, session_id=SESSION, owner=OWNER, seq=4, sha256="4", size=1, content_type="x",
        start_ms=108_800, duration_ms=5_000,
    )  # fmt: skip
    _, sealed = essence(run([STARTED, *map(chunk, range(4)), ENDED, tail]))
    assert (sealed[-1][0], sealed[-1][2]) == (2, 113_800)  # type: ignore[index]


def recount(lexicon: str, request: str) -> RecountRequested:
    return RecountRequested(event_id=event_id("r", request), occurred_at_ms=200, session_id=SESSION, request_id=request, lexicon=lexicon)


def seals_of(events: list[Event]) -> list[tuple[int, str, str]]:
    return [(s.generation, s.cause, s.lexicon) for s in run(events) if isinstance(s, SessionSealed)]


def test_a_recount_opens_a_generation_and_hears_nothing_again() -> None:
    done: list[Event] = [STARTED, *map(chunk, range(4)), ENDED]
    assert seals_of([*done, recount("2", "x"), recount("2", "x"), recount("2", "y")]) == [(1, "sealed", "1"), (2, "recount", "2")]
    assert seals_of([*done, recount("2", "x"), recount("1", "y")])[-1] == (3, "recount", "1")
    windows = [sent for sent in run([*done, recount("2", "x")]) if isinstance(sent, WindowReady)]
    assert len(windows) == len({(w.window, w.revision) for w in windows}) == 6


def test_a_recount_before_the_end_is_the_lexicon_of_the_first_generation() -> None:
    assert seals_of([STARTED, recount("2", "x"), *map(chunk, range(4)), ENDED]) == [(1, "sealed", "2")]


def erase(request: str = "e", by: UserId = OWNER) -> EraseRequested:
    return EraseRequested(event_id=event_id("e", request), occurred_at_ms=300, session_id=SESSION, request_id=request, by=by)


@given(st.permutations([*map(chunk, range(4)), ENDED, recount("2", "r"), erase()]))
def test_an_erased_session_sends_nothing_but_that_it_is_gone(events: list[Event]) -> None:
    before, after = events[: events.index(erase())], events[events.index(erase()) :]
    sent = run([STARTED, *events])[len(run([STARTED, *before])) :]
    listed, *erased = sent
    assert isinstance(listed, SessionListing)
    assert (listed.state, listed.received) == (State.ERASED, ())
    # A chunk that was on its way was written by then: it is to be swept up, too.
    assert [type(event) for event in erased] == [SessionErased] * (1 + sum(isinstance(event, ChunkUploaded) for event in after))


def test_only_whoever_recorded_erases_and_a_repeat_is_answered_again() -> None:
    done: list[Event] = [STARTED, *map(chunk, range(4)), ENDED]
    assert [s.state for s in run([*done, erase(by=UserId("x"))]) if isinstance(s, SessionListing)][-1] is State.PROCESSING
    answers = [s.request_id for s in run([*done, erase("1"), erase("1"), erase("2")]) if isinstance(s, SessionErased)]
    assert answers == ["1", "1", "2"]


def test_the_table_forgets_an_erased_session() -> None:
    held: dict[str, bytes] = {}
    for event in [STARTED, *map(chunk, range(4)), ENDED, erase()]:
        store = Store(held.get)
        fold(store, event, RULES)
        held |= store.writes
    assert not [key for key, value in held.items() if any(f'"{n}"'.encode() in value for n in range(4))]  # the digests of its chunks

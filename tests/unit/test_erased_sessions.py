"""Sessions that are erased, and sessions whose text expires."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.event import Event
from schemas.ids import UserId
from schemas.phone_events import ChunkUploaded, SessionStarted
from schemas.rejections import Rejected
from schemas.session_events import RequestRejected, SessionErased, State, TextExpired
from schemas.session_requests import EraseRequested, RecountRequested
from schemas.session_rows import SessionListing
from streams.answers import LATE_MS
from tests.session_history import (
    ENDED,
    HINT,
    OWNER,
    SESSION,
    SHORT,
    STARTED,
    TWO_DAYS_MS,
    chunk,
    recount,
    run,
    seals_of,
    tick,
)


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


def test_a_session_that_began_after_the_request_stays() -> None:
    """Everything of a person is erased up to the moment in which they asked: they may come back."""
    asked = erase()
    of_then = replace(STARTED, occurred_at_ms=asked.occurred_at_ms + LATE_MS - 1)
    later = replace(STARTED, occurred_at_ms=asked.occurred_at_ms + LATE_MS)
    assert any(isinstance(one, SessionErased) for one in run([of_then, asked]))
    (refused,) = [one for one in run([later, asked]) if isinstance(one, RequestRejected)]
    assert refused.reason == "begun_since"
    # Its first chunks may be from before: a phone sends what it kept.
    *_, last = run([later, *map(chunk, range(4)), ENDED, asked])
    assert isinstance(last, RequestRejected)


def test_a_session_of_a_former_version_stays_too_if_it_was_recorded_since() -> None:
    """Its row does not say when its start arrived. A clock that was ahead did not come before."""
    asked = erase()
    recorded_ms = asked.occurred_at_ms + LATE_MS
    started = replace(STARTED, occurred_at_ms=recorded_ms + 1, recorded_at_ms=recorded_ms)
    assert rejected_of_former_version(started, asked) == ["begun_since"]
    ahead = replace(started, occurred_at_ms=asked.occurred_at_ms)
    assert rejected_of_former_version(ahead, asked) == []


def rejected_of_former_version(started: SessionStarted, asked: EraseRequested) -> list[str]:
    table: dict[str, bytes] = {}
    run([started], table)
    row = msgspec.json.decode(table[SESSION])
    del row["started_ms"]
    table[SESSION] = msgspec.json.encode(row)
    return [one.reason for one in run([asked], table) if isinstance(one, RequestRejected)]


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

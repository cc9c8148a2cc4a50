"""The event stream of a session: what changed, once, until it is final."""

import asyncio
from datetime import UTC, datetime

from api.sessions.changes import changes
from api.sessions.models import Progress, SessionAnswer
from schemas.ids import SessionId
from schemas.session_events import State


def seen(answers: list[SessionAnswer], last: str = "", heartbeat_s: float = 99.0) -> list[bytes]:
    """The events that a client reads while the session gives these answers, one for each poll."""
    later = iter(answers[1:])

    async def ask() -> SessionAnswer:
        return next(later)

    async def read() -> list[bytes]:
        return [
            event
            async for event in changes(answers[0], ask, last, poll_s=0.001, heartbeat_s=heartbeat_s)
        ]

    return asyncio.run(read())


def session(state: State, counted: int) -> SessionAnswer:
    progress = Progress(windows=5, transcribed=5, voiced=5, counted=counted)
    return SessionAnswer(
        session_id=SessionId("s"),
        group_id=None,
        owned=True,
        state=state,
        generation=1,
        recorded_at=datetime(2026, 11, 24, tzinfo=UTC),
        clock_corrected=False,
        time_zone="Asia/Singapore",
        audio_s=90.0,
        progress=progress,
        missing_audio=[],
        speakers=[],
        provisional=None,
    )


GOING = session(State.PROCESSING, 0)
FURTHER = session(State.PROCESSING, 3)
DONE = session(State.COMPLETED, 5)


def test_each_change_is_one_event_and_the_stream_ends_at_a_final_state() -> None:
    events = seen([GOING, GOING, FURTHER, FURTHER, DONE, GOING])
    assert len(events) == 3
    assert b'"counted":3' in events[1]
    assert b'"completed"' in events[2]
    assert all(event.startswith(b"event: session\n") or b"\nid: " in event for event in events)


def test_a_client_that_comes_back_is_not_told_again() -> None:
    told = seen([GOING, DONE])
    last = next(
        line for line in told[0].decode().splitlines() if line.startswith("id: ")
    ).removeprefix("id: ")
    assert seen([GOING, DONE], last) == told[1:]


def test_a_heartbeat_between() -> None:
    assert any(event.startswith(b":") for event in seen([GOING] * 6 + [DONE], heartbeat_s=0.003))

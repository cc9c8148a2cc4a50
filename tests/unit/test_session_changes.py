"""The event streams of sessions: what changed, once, until it is final; one look for all."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime

from adapters.process.retry import TransientError
from api.sessions.changes import StreamEvent, changes
from api.sessions.listeners import Listeners
from api.sessions.models import Progress, SessionAnswer
from api.sessions.notices import NOT_NOW
from api.sessions.watching import Watching
from schemas.ids import SessionId, UserId
from schemas.session_events import State

MEI = UserId("mei")
RAJ = UserId("raj")
S = SessionId("s")


def session(state: State, counted: int) -> SessionAnswer:
    progress = Progress(windows=5, transcribed=5, voiced=5, counted=counted)
    return SessionAnswer(
        session_id=S,
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
        failure=None,
        provisional=None,
    )


GOING = session(State.PROCESSING, 0)
FURTHER = session(State.PROCESSING, 3)
DONE = session(State.COMPLETED, 5)


class Sessions:
    """A warehouse with one session, which everybody may see until `hidden_from` says otherwise."""

    def __init__(self) -> None:
        self.answer = GOING
        self.is_away = False
        self.defect: Exception | None = None
        self.hidden_from: set[UserId] = set()
        self.looks = 0
        self.reads = 0

    def marks(self, session_ids: Collection[SessionId]) -> dict[SessionId, int]:
        self.looks += 1
        if self.is_away:
            raise TransientError("clickhouse is away")
        if self.defect:
            raise self.defect
        return dict.fromkeys(session_ids, self.answer.progress.counted + 1)

    def as_seen_by(
        self, session_id: SessionId, users: Collection[UserId]
    ) -> dict[UserId, SessionAnswer]:
        self.reads += 1
        return {user: self.answer for user in users if user not in self.hidden_from}


async def eventually(holds: Callable[[], bool]) -> None:
    for _ in range(10_000):
        if holds():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it never came")


class Followed:
    """One open stream, and what it read so far."""

    def __init__(self, watching: Watching, user: UserId, seen: str, heartbeat_s: float) -> None:
        self.events: list[bytes] = []
        self._told = changes(
            watching.joined(S, user), StreamEvent.of(GOING), seen, heartbeat_s=heartbeat_s
        )
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for event in self._told:
            self.events.append(event)

    async def saw(self, count: int) -> None:
        """Wait until the stream has read so many events."""
        await eventually(lambda: len(self.events) >= count)

    async def ended(self) -> list[bytes]:
        async with asyncio.timeout(10):
            await self._reading
        return self.events


def test_a_stream_does_not_outlive_the_token_that_opened_it() -> None:
    """Somebody who signs out everywhere is not followed for the twelve hours of a talk."""

    async def follow() -> list[bytes]:
        watching = Watching(Sessions(), every_s=0.001, again_s=0.001)
        told = changes(watching.joined(S, MEI), StreamEvent.of(GOING), "", life_s=0)
        async with asyncio.timeout(10):
            return [event async for event in told]

    first, last = asyncio.run(follow())
    assert first == StreamEvent.of(GOING).encoded
    assert b"event: closed" in last
    assert b"sign-in-again" in last
    assert b"retry: " in last


class Table:
    """Streams over one warehouse."""

    def __init__(self, most_of_user: int = 10) -> None:
        self.sessions = Sessions()
        listeners = Listeners(most_of_user=most_of_user)
        self.watching = Watching(self.sessions, listeners, every_s=0.001, again_s=0.001)

    def opened(self, user: UserId = MEI, seen: str = "", heartbeat_s: float = 99.0) -> Followed:
        return Followed(self.watching, user, seen, heartbeat_s)

    async def looked(self, times: int = 3) -> None:
        """Wait until the warehouse was looked at so often, from now on."""
        wanted = self.sessions.looks + times
        await eventually(lambda: self.sessions.looks >= wanted)


def retry_ms(event: bytes) -> int:
    """The pause that an event asks a browser for."""
    fields = dict(line.split(": ", 1) for line in event.decode().strip().splitlines())
    assert json.loads(fields["data"])["retry_ms"] == int(fields["retry"])
    return int(fields["retry"])


def run(what: Callable[[Table], Awaitable[None]], table: Table | None = None) -> None:
    async def begun() -> None:
        await what(table or Table())

    asyncio.run(begun())


def test_each_change_is_one_event_and_the_stream_ends_at_a_final_state() -> None:
    async def follow(table: Table) -> None:
        stream = table.opened()
        await table.looked()
        table.sessions.answer = FURTHER
        await stream.saw(2)
        table.sessions.answer = DONE
        events = await stream.ended()
        assert len(events) == 3
        assert b'"counted":3' in events[1]
        assert b'"completed"' in events[2]
        assert all(event.startswith(b"event: session\n") for event in events)

    run(follow)


def test_a_client_that_comes_back_is_not_told_again() -> None:
    async def follow(table: Table) -> None:
        stream = table.opened(seen=StreamEvent.of(GOING).event_id)
        await table.looked()
        table.sessions.answer = DONE
        events = await stream.ended()
        assert len(events) == 1
        assert b'"completed"' in events[0]

    run(follow)


def test_a_heartbeat_between() -> None:
    async def follow(table: Table) -> None:
        stream = table.opened(heartbeat_s=0.01)
        await stream.saw(2)
        assert stream.events[1].startswith(b":")

    run(follow)


def test_a_session_is_read_once_for_all_its_streams_and_not_while_it_stays_as_it_is() -> None:
    async def follow(table: Table) -> None:
        streams = [table.opened(UserId(f"u{n}")) for n in range(50)]
        await table.looked(5)
        read = table.sessions.reads
        assert read <= 2  # some may have joined between the first look and its read
        await table.looked(5)
        assert table.sessions.reads == read
        table.sessions.answer = DONE
        ended = [await stream.ended() for stream in streams]
        assert table.sessions.reads == read + 1
        assert {len(events) for events in ended} == {2}

    run(follow)


def test_nobody_looks_while_nobody_watches() -> None:
    async def follow(table: Table) -> None:
        stream = table.opened()
        table.sessions.answer = DONE
        await stream.ended()
        await asyncio.sleep(0.01)
        looks = table.sessions.looks
        await asyncio.sleep(0.05)
        assert table.sessions.looks == looks

    run(follow)


def test_the_oldest_stream_of_a_user_is_closed_for_the_newest_and_told_why() -> None:
    async def follow(table: Table) -> None:
        others = table.opened(RAJ)
        first, *_ = [table.opened() for _ in range(3)]
        events = await first.ended()
        assert events[-1].startswith(b"event: closed\n")
        assert b'"too-many-streams"' in events[-1]
        assert 60_000 <= retry_ms(events[-1]) <= 120_000
        await table.looked()
        assert len(others.events) == 1

    run(follow, Table(most_of_user=2))


def test_a_stream_outlives_an_outage_and_says_so() -> None:
    async def follow(table: Table) -> None:
        stream = table.opened()
        await table.looked()
        table.sessions.is_away = True
        await stream.saw(2)
        await table.looked()
        table.sessions.is_away = False
        await stream.saw(3)
        table.sessions.answer = DONE
        events = await stream.ended()
        names = [event.split(b"\n")[0] for event in events]
        assert names == [
            b"event: session",
            b"event: unavailable",
            b"event: available",
            b"event: session",
        ]
        assert b"retry:" not in events[1]  # it stays open

    run(follow)


def test_who_may_not_see_it_any_more_is_told_nothing_of_it() -> None:
    async def follow(table: Table) -> None:
        stream = table.opened()
        await table.looked()
        table.sessions.hidden_from = {MEI}
        table.sessions.answer = DONE
        events = await stream.ended()
        assert len(events) == 2
        assert b"no-such-session" in events[1]
        assert b"completed" not in events[1]

    run(follow)


def test_all_streams_end_when_the_server_stops_also_those_that_come_then() -> None:
    async def follow(table: Table) -> None:
        stream = table.opened()
        await table.looked()
        table.watching.stop()
        for one in (stream, table.opened()):
            events = await one.ended()
            assert b'"stopping"' in events[-1]
            assert 1_000 <= retry_ms(events[-1]) <= 2_000

    run(follow)


def test_a_defect_ends_the_streams_and_the_next_one_is_watched_again() -> None:
    async def follow(table: Table) -> None:
        stream = table.opened()
        await table.looked()
        table.sessions.defect = ValueError("a column is missing")
        events = await stream.ended()
        assert b'"internal-error"' in events[-1]
        table.sessions.defect = None
        stream = table.opened()
        await table.looked()
        table.sessions.answer = DONE
        assert b'"completed"' in (await stream.ended())[-1]

    run(follow)


def test_those_who_were_sent_away_together_do_not_come_back_together() -> None:
    assert len({retry_ms(NOT_NOW.encoded()) for _ in range(20)}) > 1

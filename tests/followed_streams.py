"""Event streams of one session over a warehouse in memory, and whoever follows them."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime

from adapters.process.retry import TransientError
from api.sessions.changes import StreamEvent, changes
from api.sessions.listeners import Listeners
from api.sessions.models import Progress, SessionAnswer
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

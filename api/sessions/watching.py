"""One look at the warehouse for all event streams of this process.

A look is one query for all sessions that somebody watches, and none while nobody does. A session
that changed is read once, however many streams it has.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from typing import Protocol, TypeVar

import anyio
from anyio.to_thread import run_sync

from adapters.process.logs import logger
from adapters.process.retry import TransientError
from api.sessions.listeners import Listener, Listeners
from api.sessions.models import SessionAnswer
from api.sessions.notices import AT_ONCE, FAILED, GOES_ON, NOT_VISIBLE, WAITS
from schemas.ids import SessionId, UserId

LOOK_EVERY_S = 0.5
"""How late a change may show."""
LOOK_AGAIN_S = 2.0
"""The same, while the warehouse is away."""
READS_AT_A_TIME = 4
T = TypeVar("T")


class Watched(Protocol):
    """Port: sessions as their streams need them. Blocking; TransientError when away."""

    def marks(self, session_ids: Collection[SessionId]) -> dict[SessionId, int]:
        """A number for each session that there is; another one once its answer is another."""

    def as_seen_by(
        self, session_id: SessionId, users: Collection[UserId]
    ) -> dict[UserId, SessionAnswer]:
        """The session for each of the users who may see it."""


class Watching:
    """Tells listeners of changes. For one event loop."""

    def __init__(
        self,
        sessions: Watched,
        listeners: Listeners | None = None,
        every_s: float = LOOK_EVERY_S,
        again_s: float = LOOK_AGAIN_S,
    ) -> None:
        self._sessions = sessions
        self._listeners = listeners or Listeners()
        self._every_s = every_s
        self._again_s = again_s
        self._marks: dict[SessionId, int] = {}
        self._threads = anyio.CapacityLimiter(READS_AT_A_TIME)
        self._looking: asyncio.Task[None] | None = None
        self._is_away = False
        self._is_stopping = False

    @asynccontextmanager
    async def joined(self, session_id: SessionId, user: UserId) -> AsyncIterator[Listener]:
        """A listener, until the block ends. Changes from now on are told to it."""
        listener = self._listeners.add(session_id, user)
        # The session is read again after this moment: else a change between the caller's own
        # read and now would not be told.
        self._marks.pop(session_id, None)
        if self._is_stopping:
            listener.tell(AT_ONCE)
        if self._looking is None:
            self._looking = asyncio.create_task(self._look_again_and_again())
        try:
            yield listener
        finally:
            self._listeners.remove(listener)

    def stop(self) -> None:
        """End every stream, and those that are opened from now on. Does not block."""
        self._is_stopping = True
        self._listeners.tell_all(AT_ONCE)

    async def _look_again_and_again(self) -> None:
        try:
            while not self._listeners.is_empty():
                pause_s = await self._pause_after_look()
                await asyncio.sleep(pause_s)
        except Exception as error:  # noqa: BLE001 - a defect must not leave streams without a word
            logger().exception("watching_failed", error=type(error).__name__)
            self._listeners.tell_all(FAILED)
        finally:
            self._looking = None
            self._is_away = False
            self._marks.clear()

    async def _pause_after_look(self) -> float:
        try:
            await self._look()
        except TransientError:
            self._tell_of_outage(is_away=True)
            return self._again_s
        self._tell_of_outage(is_away=False)
        return self._every_s

    def _tell_of_outage(self, *, is_away: bool) -> None:
        if is_away == self._is_away:
            return
        self._is_away = is_away
        self._listeners.tell_all(WAITS if is_away else GOES_ON)

    async def _look(self) -> None:
        """Read each session whose mark is another one than at its last read."""
        watched = self._listeners.sessions()
        marks = await self._on_a_thread(lambda: self._sessions.marks(watched))
        before = self._marks
        self._marks = {one: before[one] for one in watched if one in before}
        reads = []
        for session_id in watched:
            mark = marks.get(session_id, 0)
            if self._marks.get(session_id) != mark:
                reads.append(self._read(session_id, mark))
        # All of them have ended before an error is raised: a thread cannot be stopped.
        for outcome in await asyncio.gather(*reads, return_exceptions=True):
            if outcome is not None:
                raise outcome

    async def _read(self, session_id: SessionId, mark: int) -> None:
        """Read a session that changed. It is read once more when somebody joined meanwhile."""
        listeners = self._listeners.of(session_id)
        users = {listener.user for listener in listeners}
        answers = await self._on_a_thread(lambda: self._sessions.as_seen_by(session_id, users))
        for listener in listeners:
            listener.tell(answers.get(listener.user, NOT_VISIBLE))
        if set(self._listeners.of(session_id)) <= set(listeners):
            self._marks[session_id] = mark

    async def _on_a_thread(self, read: Callable[[], T]) -> T:
        return await run_sync(read, limiter=self._threads)

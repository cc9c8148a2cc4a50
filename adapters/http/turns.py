"""Turns of callers: how much of something runs at a time, in all and for each caller."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from adapters.http.problems import HttpProblem
from adapters.process.retry import TransientError

ADMISSION_S = 2.0
"""A caller who has no turn after this long is refused, and may try again."""
BUSY = HttpProblem(503, "busy", "Try again", "Too many requests are waiting just now.")


class BusyError(TransientError):
    """Too many wait already."""


class Turns:
    """So many at a time, and so many of one caller. For one event loop."""

    def __init__(self, most: int, most_of_caller: int, admission_s: float = ADMISSION_S) -> None:
        self._admission_s = admission_s
        self._most_of_caller = most_of_caller
        self._all = asyncio.Semaphore(most)
        # A caller's own is forgotten once none of the caller's requests holds it any more.
        self._of_caller = WeakValueDictionary[str, asyncio.Semaphore]()

    @asynccontextmanager
    async def of(self, caller: str) -> AsyncIterator[None]:
        """Hold a turn until the block ends. BusyError when there is none in time."""
        own = self._of_caller.setdefault(caller, asyncio.Semaphore(self._most_of_caller))
        async with (
            self._taken(own, "the caller has too many requests"),
            self._taken(self._all, "there are too many requests"),
        ):
            yield

    @asynccontextmanager
    async def _taken(self, turns: asyncio.Semaphore, complaint: str) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._admission_s):
                await turns.acquire()
        except TimeoutError:
            raise BusyError(complaint) from None
        try:
            yield
        finally:
            turns.release()

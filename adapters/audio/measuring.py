"""Uploads measured on an event loop: a few children, and one upload of each user at a time.

Measuring takes milliseconds. A user who sends many uploads at once waits for their own.
"""

import asyncio
import os
from asyncio.subprocess import PIPE, Process
from weakref import WeakValueDictionary

import msgspec

from adapters.audio.answers import CHILD, HEAD, MEASURE, PATIENCE_S, Measured, check
from adapters.process.retry import TransientError
from schemas.ids import UserId
from schemas.rejections import Reason, Rejected

CHILDREN = min(4, os.cpu_count() or 1)


class Measuring:
    """Children start with the first uploads. `close` ends them."""

    def __init__(self, children: int = CHILDREN) -> None:
        self._idle: list[Process] = []
        self._all: set[Process] = set()
        self._places = asyncio.Semaphore(children)
        self._turns: WeakValueDictionary[UserId, asyncio.Lock] = WeakValueDictionary()

    async def measure(self, body: bytes, user: UserId) -> Measured:
        """Where the sound of an upload begins and ends.

        Raises Rejected, undecodable_audio, and TransientError when the child takes too long: the
        machine may be busy, and the next try has a new one.
        """
        turn = self._turns.get(user) or asyncio.Lock()
        self._turns[user] = turn
        async with turn, self._places:
            child = await self._started()
            try:
                status, payload = await asyncio.wait_for(_asked(child, body), PATIENCE_S)
            except BaseException as error:
                self._end(child)
                if isinstance(error, TimeoutError):
                    raise TransientError("an upload was not measured in time") from None
                if isinstance(error, OSError | EOFError):
                    raise Rejected(Reason.UNDECODABLE_AUDIO, "the decoder died on it") from None
                raise
            self._idle.append(child)
        check(status, payload, len(body))
        return msgspec.msgpack.decode(payload, type=Measured)

    async def close(self) -> None:
        """Ends the children."""
        for child in tuple(self._all):
            self._end(child)
            await child.wait()

    async def _started(self) -> Process:
        while self._idle:
            child = self._idle.pop()
            if child.returncode is None:
                return child
            self._end(child)
        child = await asyncio.create_subprocess_exec(*CHILD, stdin=PIPE, stdout=PIPE)
        self._all.add(child)
        return child

    def _end(self, child: Process) -> None:
        self._all.discard(child)
        if child.returncode is None:
            child.kill()


async def _asked(child: Process, body: bytes) -> tuple[int, bytes]:
    assert child.stdin
    assert child.stdout
    child.stdin.write(HEAD.pack(MEASURE, len(body)) + body)
    await child.stdin.drain()
    status, length = HEAD.unpack(await child.stdout.readexactly(HEAD.size))
    return status, await child.stdout.readexactly(length)

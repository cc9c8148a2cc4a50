"""Uploads measured on an event loop: a few children, and one upload of each user at a time.

Measuring takes milliseconds. A user who sends many uploads at once waits for their own.
"""

import asyncio
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakValueDictionary

import msgspec

from adapters.audio.answers import CHILD, DEFECT, HEAD, MEASURE, PATIENCE_S, Measured, check
from adapters.audio.failures import Failures
from adapters.audio.handover import Handover
from adapters.process.metrics import DecoderFailure
from adapters.process.retry import TransientError, is_of_machine
from schemas.ids import UserId

CHILDREN = min(4, os.cpu_count() or 1)
LEAVES_S = 1.0
"""A child that answers no more has ended by then, or is ended."""


@dataclass(frozen=True, eq=False)
class _Child:
    process: Process
    upload: Handover

    async def asked(self, size: int) -> tuple[int, bytes]:
        """The status and the answer about what was handed over."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(HEAD.pack(MEASURE, size))
        status, length = HEAD.unpack(await self.process.stdout.readexactly(HEAD.size))
        return status, await self.process.stdout.readexactly(length)


class Measuring:
    """Children start with the first uploads. `close` ends them."""

    def __init__(self, children: int = CHILDREN, command: Sequence[str] = CHILD) -> None:
        self._command = command
        self._idle: list[_Child] = []
        self._all: set[_Child] = set()
        self._ending: set[asyncio.Task[int]] = set()
        self._places = asyncio.Semaphore(children)
        self._failures = Failures()
        self._turns: WeakValueDictionary[UserId, asyncio.Lock] = WeakValueDictionary()

    async def measure(self, body: bytes, user: UserId) -> Measured:
        """Where the sound of an upload begins and ends.

        Raises Rejected, or DecoderFailed when the child dies of it or meets a defect. Raises
        TransientError when the child takes too long: the machine may be busy, and the next try has
        a new one. Also when there is no memory for it, or no process.
        """
        turn = self._turns.get(user) or asyncio.Lock()
        self._turns[user] = turn
        async with turn, self._places:
            status, payload = await self._asked(await self._given(body), len(body))
        if status == DEFECT:
            raise self._failures.noted(DecoderFailure.DEFECT, payload.decode())
        check(status, payload, len(body))
        return msgspec.msgpack.decode(payload, type=Measured)

    async def _asked(self, child: _Child, size: int) -> tuple[int, bytes]:
        """The child's answer; a child without one is ended."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                answer = await child.asked(size)
        except TimeoutError:
            self._end(child)
            self._failures.noted(DecoderFailure.HUNG, f"{PATIENCE_S:.0f} s")
            raise TransientError("an upload was not measured in time") from None
        except (OSError, EOFError):
            raise self._failures.died(await self._exit_status(child)) from None
        except BaseException:
            self._end(child)
            raise
        self._idle.append(child)
        return answer

    async def close(self) -> None:
        """Ends the children. Returns when they are gone, and those that were ended before too."""
        for child in tuple(self._all):
            self._end(child)
        await asyncio.gather(*self._ending)

    async def _given(self, body: bytes) -> _Child:
        """A child that has the upload."""
        try:
            child = await self._started()
        except OSError as error:
            if not is_of_machine(error):
                raise
            raise TransientError("no process to measure an upload") from None
        try:
            child.upload.put(body)
        except (OSError, MemoryError):
            self._end(child)
            raise TransientError("no memory to measure an upload") from None
        return child

    async def _started(self) -> _Child:
        while self._idle:
            child = self._idle.pop()
            if child.process.returncode is None:
                return child
            self._failures.died(child.process.returncode)
            self._end(child)
        upload = Handover()
        process = await asyncio.create_subprocess_exec(
            *self._command,
            str(upload.descriptor),
            stdin=PIPE,
            stdout=PIPE,
            pass_fds=[upload.descriptor],
        )
        child = _Child(process, upload)
        self._all.add(child)
        return child

    async def _exit_status(self, child: _Child) -> int | None:
        """That of a child that says no more, which is ended. None when it goes on in silence."""
        try:
            # `kill` would reap it, and lose the status.
            return await asyncio.wait_for(child.process.wait(), LEAVES_S)
        except TimeoutError:
            return None
        finally:
            self._end(child)

    def _end(self, child: _Child) -> None:
        self._all.discard(child)
        child.upload.close()
        if child.process.returncode is None:
            child.process.kill()
        # A loop that ends before its children leaves pipes open, and errors that nobody catches.
        gone = asyncio.create_task(child.process.wait())
        self._ending.add(gone)
        gone.add_done_callback(self._ending.discard)

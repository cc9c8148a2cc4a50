"""A network between a client and its server that can be slow, lossy, silent or cut."""

import asyncio
import contextlib
import random
import threading
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Self

PIECE = 16 << 10
"""Bytes that are forwarded at a time: each of them meets the weather anew."""
LOST_S = (0.2, 0.8)
"""A lost packet comes so much later, when TCP sends it again."""


@dataclass(frozen=True)
class Weather:
    """The state of a network. Each piece takes `delay_s`; a part of them, `loss`, is lost once.

    `is_silent`: nothing passes and nothing is closed (half-open). `is_cut`: connections are reset,
    and new ones too.
    """

    delay_s: float = 0.0
    loss: float = 0.0
    is_silent: bool = False
    is_cut: bool = False


FINE = Weather()
SILENT = Weather(is_silent=True)
CUT = Weather(is_cut=True)


class TcpProxy:
    """Forwards a port of its own to `target` ("host:port"). Use it as `with`.

    Its methods do not block and may be called from any thread.
    """

    def __init__(self, target: str) -> None:
        self._host, _, port = target.rpartition(":")
        self._port = int(port)
        self._weather = FINE
        self._open: set[asyncio.StreamWriter] = set()
        self._speaks = asyncio.Event()
        self._speaks.set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.address = ""

    def __enter__(self) -> Self:
        self._thread.start()
        listening = asyncio.start_server(self._accept, self._host, 0)
        server = asyncio.run_coroutine_threadsafe(listening, self._loop).result()
        self.address = f"{self._host}:{server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def become(self, weather: Weather) -> None:
        """Change the state of the network, for open connections too."""
        self._loop.call_soon_threadsafe(self._turn, weather)

    def _turn(self, weather: Weather) -> None:
        self._weather = weather
        if weather.is_silent:
            self._speaks.clear()
        else:
            self._speaks.set()
        if weather.is_cut:
            for writer in self._open:
                writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            # asyncio complains of a callback that was cancelled, and it is so at the end alone.
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await self._forward(reader, writer)
        finally:
            self._open.discard(writer)
            writer.transport.abort()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._weather.is_cut:
            return
        answers, requests = await asyncio.open_connection(self._host, self._port)
        self._open.add(requests)
        try:
            both = self._both_ways(reader, requests, answers, writer)
            await asyncio.gather(*both, return_exceptions=True)
        finally:
            self._open.discard(requests)
            requests.transport.abort()

    def _both_ways(
        self,
        asks: asyncio.StreamReader,
        requests: asyncio.StreamWriter,
        says: asyncio.StreamReader,
        answers: asyncio.StreamWriter,
    ) -> Sequence[Coroutine[object, object, None]]:
        """The passages of one connection. Other protocols may read what they forward."""
        return [self._pump(asks, requests), self._pump(says, answers)]

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(PIECE):
            await self._passage()
            writer.write(piece)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

    async def _passage(self) -> None:
        """Return when a piece is through."""
        late_s = random.uniform(*LOST_S) if random.random() < self._weather.loss else 0.0
        if self._weather.delay_s or late_s:
            await asyncio.sleep(self._weather.delay_s + late_s)
        await self._speaks.wait()

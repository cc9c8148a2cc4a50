"""Calls of the Kafka client whose answer was lost: they end, and keep nothing."""

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from operator import not_
from pathlib import Path
from struct import unpack_from

from adapters.kafka.timed_call import LOST_S
from adapters.kafka.transaction import KafkaTransactions
from adapters.kafka.transactional_calls import CALL_S
from adapters.settings import Settings
from deploy.devstack.free_ports import free_port_base
from deploy.waiting import until
from tests.integration.brokers import broker_of
from tests.tcp_proxy import TcpProxy

FIND_COORDINATOR = 10
OF_A_GROUP = 0
NOT_AVAILABLE = (15).to_bytes(2, "big")
ERROR_AT = 8
"""In an answer of version 1 or 2: behind its number and the time of throttling."""
STARTING = 3
"""Questions for a coordinator, as many as the client asks before it waits for its connections."""
IDLE_S = 3.0


class StartingBroker(TcpProxy):
    """A broker that has just started: it knows no coordinator for the first questions."""

    refused = 0

    def _both_ways(
        self,
        asks: asyncio.StreamReader,
        requests: asyncio.StreamWriter,
        says: asyncio.StreamReader,
        answers: asyncio.StreamWriter,
    ) -> Sequence[Coroutine[object, object, None]]:
        asked: set[bytes] = set()
        return [self._asked(asks, requests, asked), self._answered(says, answers, asked)]

    async def _asked(
        self, asks: asyncio.StreamReader, requests: asyncio.StreamWriter, asked: set[bytes]
    ) -> None:
        while True:
            frame = await _frame(asks)
            (key,) = unpack_from(">h", frame)
            if key == FIND_COORDINATOR and frame[-1] == OF_A_GROUP:
                asked.add(frame[4:8])
            await _forward(requests, frame)

    async def _answered(
        self, says: asyncio.StreamReader, answers: asyncio.StreamWriter, asked: set[bytes]
    ) -> None:
        while True:
            frame = await _frame(says)
            if frame[:4] in asked and self.refused < STARTING:
                self.refused += 1
                frame = frame[:ERROR_AT] + NOT_AVAILABLE + frame[ERROR_AT + 2 :]
            await _forward(answers, frame)


async def _frame(reader: asyncio.StreamReader) -> bytes:
    size = int.from_bytes(await reader.readexactly(4), "big")
    return await reader.readexactly(size)


async def _forward(writer: asyncio.StreamWriter, frame: bytes) -> None:
    writer.write(len(frame).to_bytes(4, "big") + frame)
    await writer.drain()


def test_a_call_that_lost_its_answer_ends_with_its_connection(tmp_path: Path) -> None:
    """It stood for ever after an outage of the broker, and kept its producer: five threads."""
    earlier = _calls()
    direct = Settings(data_dir=tmp_path, port_base=free_port_base())
    target = f"{direct.host}:{direct.port('kafka')}"
    with StartingBroker(target) as proxy, broker_of(_through(proxy, direct)) as up:
        transactions = KafkaTransactions(up.settings.kafka, "a-worker", idle_s=IDLE_S)
        transactions.start()
        assert proxy.refused == STARTING
        until(lambda: _calls() - earlier, not_, CALL_S + LOST_S)
        transactions.close()


def _through(proxy: TcpProxy, settings: Settings) -> Settings:
    return settings.model_copy(update={"kafka": proxy.address})


def _calls() -> set[threading.Thread]:
    """Calls that are under way. One of a test before may wait for its broker for ever."""
    return {one for one in threading.enumerate() if one.name == "kafka-call"}

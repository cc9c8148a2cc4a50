"""The timer of the sessions: it lives on while the broker is away."""

import asyncio
from collections.abc import Iterator, Sequence

from adapters.kafka.publisher import Outgoing
from adapters.process.retry import TransientError
from schemas import topics
from schemas.codec import decode
from schemas.session_events import Tick
from streams.host.handled import Handled
from streams.host.timer import SessionTimer
from streams.sessions.due import AGAIN_MS, DueSessions


class AlwaysDue:
    """One session that is due at any time."""

    def due(self, partition: int, now_ms: int) -> Iterator[bytes]:
        yield b"s"


class Broker:
    """A publisher whose broker comes back."""

    def __init__(self) -> None:
        self.is_away = True
        self.taken: list[Outgoing] = []

    def publish(self, messages: Sequence[Outgoing]) -> None:
        if self.is_away:
            raise TransientError("kafka did not acknowledge")
        self.taken += messages


def test_ticks_that_a_broker_which_is_away_did_not_take_are_sent_again() -> None:
    broker = Broker()
    moments = iter([0, AGAIN_MS])
    due = DueSessions(AlwaysDue(), lambda: [0])
    timer = SessionTimer(due, Handled([]), broker, lambda: next(moments))
    asyncio.run(timer.publish_ticks())
    assert broker.taken == []
    broker.is_away = False
    asyncio.run(timer.publish_ticks())
    [tick] = [decode(topics.INBOUND, one.value) for one in broker.taken]
    assert isinstance(tick, Tick)
    assert tick.now_ms == AGAIN_MS

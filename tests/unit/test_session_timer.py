"""The timer of the sessions: it lives on while the broker is away."""

import asyncio
from collections.abc import Iterator, Sequence

from adapters.kafka.ends import Place
from adapters.kafka.publisher import Outgoing
from adapters.process.retry import TransientError
from schemas import topics
from schemas.codec import decode
from schemas.session_events import Tick
from streams.host.handled import AHEAD_MS, LOOK_MS, ROUNDS, Handled
from streams.host.timer import SessionTimer
from streams.sessions.due import AGAIN_MS, DueSessions


class AlwaysDue:
    """One session that is due at any time."""

    def due(self, partition: int, now_ms: int) -> Iterator[bytes]:
        yield b"s"


class DueLater:
    """One session that is due at `due_ms`."""

    def __init__(self, due_ms: int) -> None:
        self.due_ms = due_ms

    def due(self, partition: int, now_ms: int) -> Iterator[bytes]:
        if now_ms >= self.due_ms:
            yield b"s"


class Group:
    """A group of the broker. Notes how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def ends(self) -> dict[Place, int]:
        self.asked += 1
        return {}

    def has_passed(self, ends: dict[Place, int]) -> bool:
        self.asked += 1
        return True


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


def test_the_broker_is_not_asked_while_no_session_is_due_soon() -> None:
    group = Group()
    due = DueSessions(DueLater(2 * AHEAD_MS), lambda: [0])
    moments = iter(range(0, AHEAD_MS, LOOK_MS))
    timer = SessionTimer(due, Handled([group]), Broker(), lambda: next(moments))
    for _ in range(AHEAD_MS // LOOK_MS):
        asyncio.run(timer.publish_ticks())
    assert group.asked == 0


def test_a_session_that_becomes_due_is_told_up_to_when_all_was_handled() -> None:
    broker = Broker()
    broker.is_away = False
    due_ms = 2 * AHEAD_MS
    due = DueSessions(DueLater(due_ms), lambda: [0])
    moments = iter(range(0, due_ms + 1, LOOK_MS))
    timer = SessionTimer(due, Handled([Group()]), broker, lambda: next(moments))
    for _ in range(due_ms // LOOK_MS + 1):
        asyncio.run(timer.publish_ticks())
    [tick] = [decode(topics.INBOUND, one.value) for one in broker.taken]
    assert isinstance(tick, Tick)
    assert tick.handled_until_ms == due_ms - ROUNDS * LOOK_MS

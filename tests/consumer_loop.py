"""The consumers' loop over a broker in memory, which writes down what happens in which order."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future

from adapters.kafka.dead_letters import Letters
from adapters.kafka.ends import Place
from adapters.kafka.fetched import Fetched
from adapters.kafka.fuse import Fuse
from adapters.kafka.publisher import Outgoing
from consumers.runtime.loop import Loop
from consumers.runtime.outcome import DeadLettered, Done, Outcome, Record, Step
from schemas import topics
from schemas.codec import encode
from schemas.ids import SessionId
from schemas.rejections import Reason
from schemas.session_events import Tick
from schemas.stage_names import StageName

TICK = Tick(occurred_at_ms=1, session_id=SessionId("s"), now_ms=1)
PLACE = (topics.INBOUND.name, 0)


def at_once() -> Future[None]:
    """A commit that the broker has answered."""
    done = Future[None]()
    done.set_result(None)
    return done


class Broker:
    """Consumer and publisher in one, writing down what happens in which order."""

    def __init__(self, batches: list[list[Fetched]], attempts: int = 0) -> None:
        self.batches = batches
        self.sent = list[Outgoing]()
        self.history = list[str]()
        self._attempts = attempts
        self.polled_while_busy = 0
        self.asked = 0
        self.loop: Loop | None = None

    def poll(self, most: int, wait_s: float) -> list[Fetched]:
        if wait_s < 0.1:
            self.polled_while_busy += 1
            time.sleep(0.001)
            return []
        if not self.batches:
            assert self.loop is not None
            self.loop.stop()
            return []
        return self.batches.pop(0)

    def hold(self, topics: frozenset[str]) -> None: ...

    def attempts(self, offsets: Mapping[Place, int]) -> dict[Place, int]:
        self.asked += 1
        return dict.fromkeys(offsets, self._attempts)

    def begin(self, place: Place, offset: int, attempt: int) -> Future[None]:
        self.history.append(f"attempt {attempt}")
        return at_once()

    def membership(self) -> object:
        return "member"

    def take_ends(self, besides: set[Place]) -> dict[Place, int]:
        return {}

    def commit(
        self, messages: Sequence[Outgoing], offsets: Mapping[Place, int], group: object
    ) -> dict[Place, int]:
        self.sent += messages
        self.history += [f"publish {message.topic}" for message in messages]
        self.history += [f"commit {offset}" for offset in offsets.values()]
        return {}


class Work:
    """A step that does what it is told."""

    name = "work"
    batch_size = 1
    counts_attempts = True
    gather_s = 0.0

    def __init__(self, history: list[str], does: Callable[[], list[Outcome]]) -> None:
        self._history = history
        self._does = does

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        self._history.append("effect")
        return self._does()

    def give_up(self, record: Record, reason: Reason, detail: str) -> DeadLettered:
        return DeadLettered(reason, detail)


def nobodys(sessions: set[SessionId]) -> dict[SessionId, str]:
    """No session is listed."""
    return {}


def loop_of(broker: Broker, step: Step) -> Loop:
    letters = Letters(StageName.CLUSTER, lambda: 1)
    fuse = Fuse(StageName.CLUSTER, nobodys)
    return Loop(broker, broker, step, [topics.INBOUND], letters, fuse)


def runs(broker: Broker, does: Callable[[], list[Outcome]] = lambda: [Done()]) -> bool:
    """Whether the loop finished its batches; the broker stops it when it has no more."""
    broker.loop = loop_of(broker, Work(broker.history, does))
    return broker.loop.run()


def run(
    batches: list[list[Fetched]], does: Callable[[], list[Outcome]], attempts: int = 0
) -> Broker:
    broker = Broker(batches, attempts)
    runs(broker, does)
    return broker


def message(offset: int = 5, value: bytes | None = None) -> Fetched:
    return Fetched(*PLACE, offset, b"s", encode(TICK) if value is None else value)


def of(session: int, offset: int, value: bytes | None = None) -> Fetched:
    """A message of a session of its own."""
    tick = Tick(occurred_at_ms=1, session_id=SessionId(f"s{session}"), now_ms=1)
    key = tick.session_id.encode()
    return Fetched(*PLACE, offset, key, encode(tick) if value is None else value)


class Picky:
    """A step that cannot handle some offsets, and handles a batch whole or not at all."""

    name = "picky"
    batch_size = 8
    counts_attempts = False
    gather_s = 0.0

    def __init__(self, bad: set[int]) -> None:
        self._bad = bad
        self.done: list[int] = []
        self.sizes: list[int] = []

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        self.sizes.append(len(records))
        if self._bad & {record.offset for record in records}:
            raise KeyError
        self.done += [record.offset for record in records]
        return [Done(((topics.INBOUND, record.event),)) for record in records]

    def give_up(self, record: Record, reason: Reason, detail: str) -> DeadLettered:
        return DeadLettered(reason, detail)

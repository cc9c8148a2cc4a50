"""An agent of a fold in a Faust app of its own: Kafka in memory, which writes down its steps."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from adapters.kafka.dead_letters import Letters
from adapters.kafka.ends import Place
from adapters.kafka.fetched import Fetched
from adapters.kafka.fuse import Fuse, FuseOpened
from adapters.kafka.intake import Batch
from adapters.kafka.publisher import Outgoing
from adapters.kafka.stage_transactions import StageTransactions
from adapters.table import Table
from schemas import stages, topics
from schemas.codec import encode
from schemas.event import Event
from schemas.ids import SessionId, UserId
from schemas.people_events import GroupAction, GroupChangeDecided, GroupChangeRequested
from schemas.rejections import Reason, Rejected
from streams.fold import Fold, Outputs, Run
from streams.groups.state import Group
from streams.host.agent import FoldAgent, Guards
from streams.main import build
from streams.store import Store

REQUEST = GroupChangeRequested(
    occurred_at_ms=1,
    group_id="g",
    request_id="r",
    by=UserId("ann"),
    action=GroupAction.CREATE,
)
ANSWER = GroupChangeDecided(
    occurred_at_ms=1,
    group_id="g",
    request_id="r",
    by=UserId("ann"),
    accepted=True,
    reason=None,
    revision=1,
)
PARTITION = 3


def message(offset: int = 7, value: bytes = encode(REQUEST)) -> Fetched:
    """A message of the fold's input."""
    return Fetched(topics.GROUPS_REQUESTED.name, PARTITION, offset, b"g", value)


def nobodys(sessions: set[SessionId]) -> dict[SessionId, str]:
    """No session is listed."""
    return {}


@dataclass
class World:
    """Stands for Kafka. `steps` are in the order in which they happened."""

    table: Table
    steps: list[str] = field(default_factory=list)
    sent: list[Outgoing] = field(default_factory=list)
    offsets: list[dict[Place, int]] = field(default_factory=list)
    rewound: list[Fetched] = field(default_factory=list)
    broken: Exception | None = None
    broken_gate: Exception | None = None
    ends: dict[Place, int] = field(default_factory=dict)
    batches: list[Batch] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def commit(
        self, messages: Sequence[Outgoing], offsets: Mapping[Place, int], group: object
    ) -> dict[Place, int]:
        assert group == "member"
        if self.broken is not None:
            raise self.broken
        self.steps.append(f"commit {len(messages)}")
        assert self.table.get(PARTITION, b"g") == self.seen_before
        self.sent += messages
        self.offsets.append(dict(offsets))
        return {(stages.GROUPS.changelog, PARTITION): 11}

    def wait(self) -> None:
        self.steps.append("fuse is closed")

    def stop(self) -> None: ...

    def keep_open(self, error: FuseOpened) -> None:
        if self.broken_gate is not None:
            raise self.broken_gate
        self.steps.append("fuse is kept open")

    def join(self) -> None:
        self.steps.append("join")

    def take(self) -> Batch | None:
        if not self.batches:
            self.loop.call_soon_threadsafe(self.over.set)
            time.sleep(0.01)
            return None
        self.seen_before = self.table.get(PARTITION, b"g")
        return self.batches.pop(0)

    def rewind(self, messages: Sequence[Fetched]) -> None:
        self.rewound += messages

    def close(self) -> None:
        self.steps.append("leave")

    def handle(self, run: Run, *batches: Sequence[Fetched]) -> None:
        """Runs the fold in a Faust app of its own until all batches are handled."""
        self.batches = [Batch(messages, "member", self.ends) for messages in batches]
        app = build()
        transactions = StageTransactions(self, stages.GROUPS)
        guards = Guards(
            Letters(stages.GROUPS.name, lambda: 1), Fuse(stages.GROUPS.name, nobodys), self
        )
        agent = FoldAgent(app, Fold(stages.GROUPS, run), self.table, transactions, guards)
        agent.feed_from(self)

        async def play() -> None:
            self.loop = asyncio.get_running_loop()
            async with app:
                await self.over.wait()

        asyncio.run(play())
        agent.leave().result()
        agent.close()


def answering(store: Store, event: Event) -> Outputs:
    store.put("g", Group(name="ours"))
    return [(topics.GROUPS_DECIDED, ANSWER)]


def rejecting(store: Store, event: Event) -> Outputs:
    store.put("g", Group(name="half"))
    raise Rejected(Reason.UNKNOWN_SESSION, "no such session")


def failing(store: Store, event: Event) -> Outputs:
    store.put("g", Group(name="half"))
    raise KeyError("a bug")


def filling(store: Store, event: Event) -> Outputs:
    """The answer is larger than the client takes."""
    store.put("g", Group(name="half"))
    return [(topics.GROUPS_DECIDED, replace(ANSWER, reason="x" * 1_000_000))]


def hoarding(store: Store, event: Event) -> Outputs:
    """The row has the event more than once."""
    assert isinstance(event, GroupChangeRequested)
    store.put("g", Group(name=2 * (event.name or "")))
    return [(topics.GROUPS_DECIDED, ANSWER)]


def growing(store: Store, _event: Event) -> Outputs:
    """The row grows with each event, which is small."""
    before = store.get("g", Group) or Group()
    store.put("g", replace(before, name=before.name + "x" * 400_000))
    return [(topics.GROUPS_DECIDED, ANSWER)]

"""An agent publishes first, then writes its table, then lets Faust go on; and it drops nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import cast

import faust
import pytest

from adapters.kafka.fuse import FUSE_IN_A_ROW
from adapters.kafka.publisher import Outgoing
from schemas import stages, topics
from schemas.codec import encode
from schemas.event import Event
from schemas.ids import UserId
from schemas.people_events import GroupAction, GroupChangeDecided, GroupChangeRequested
from schemas.rejections import Header, Reason, Rejected
from streams.agent import CRASHED, FoldAgent
from streams.fold import Fold, Outputs, Run
from streams.groups.state import Group
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


@dataclass(frozen=True)
class Message:
    """A message as Faust hands it over."""

    value: bytes = encode(REQUEST)
    topic: str = topics.GROUPS_REQUESTED.name
    partition: int = 3
    offset: int = 7
    key: bytes = b"g"


@dataclass(frozen=True)
class Arrival:
    """Faust's event around a message."""

    message: Message


class Stream:
    """The messages of one test."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self._messages = messages

    async def events(self) -> AsyncIterator[Arrival]:
        for message in self._messages:
            yield Arrival(message)


class Table(dict[bytes, bytes]):
    """The fold's table; notes its writes and confirmations."""

    def __init__(self, steps: list[str]) -> None:
        super().__init__()
        self._steps = steps

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self._steps.append(f"write {key.decode()}")
        super().__setitem__(key, value)

    async def confirm(self) -> None:
        self._steps.append("confirm")


Iterate = Callable[[Stream], Coroutine[None, None, None]]


@dataclass
class World:
    """Stands for the Faust app and for Kafka. `steps` are in the order in which they happened."""

    steps: list[str] = field(default_factory=list)
    sent: list[Outgoing] = field(default_factory=list)
    broken: Exception | None = None

    def __post_init__(self) -> None:
        self.table = Table(self.steps)
        self.iterate: Iterate | None = None

    def Table(self, name: str, **_: object) -> Table:  # noqa: N802 - Faust's name
        return self.table

    def topic(self, *names: str, **_: object) -> tuple[str, ...]:
        return names

    def agent(self, *_: object, **__: object) -> Callable[[Iterate], None]:
        def register(iterate: Iterate) -> None:
            self.iterate = iterate

        return register

    def publish(self, messages: Sequence[Outgoing]) -> None:
        if self.broken is not None:
            raise self.broken
        self.steps.append("publish")
        self.sent += messages

    def handle(self, run: Run, messages: Sequence[Message] = (Message(),)) -> None:
        def note(key: str, _: bytes) -> None:
            self.steps.append(f"note {key}")

        FoldAgent(cast(faust.App, self), self, Fold(stages.GROUPS, run, note))
        assert self.iterate is not None
        asyncio.run(self.iterate(Stream(messages)))


def answering(store: Store, event: Event) -> Outputs:
    store.put("g", Group(name="ours"))
    return [(topics.GROUPS_DECIDED, ANSWER)]


def rejecting(store: Store, event: Event) -> Outputs:
    store.put("g", Group(name="half"))
    raise Rejected(Reason.UNKNOWN_SESSION, "no such session")


def failing(store: Store, event: Event) -> Outputs:
    store.put("g", Group(name="half"))
    raise KeyError("a bug")


def test_outputs_are_published_before_the_table_is_written_and_confirmed() -> None:
    world = World()
    world.handle(answering)
    assert world.steps == ["publish", "write g", "note g", "confirm"]
    assert [message.value for message in world.sent] == [encode(ANSWER)]


def test_an_equal_value_is_not_written_again() -> None:
    world = World()
    world.handle(answering, [Message(), Message()])
    assert world.steps == ["publish", "write g", "note g", "confirm", "publish", "confirm"]


@pytest.mark.parametrize(
    ("run", "reason"),
    [(rejecting, Reason.UNKNOWN_SESSION), (failing, Reason.FOLD_FAILED)],
)
def test_an_event_that_cannot_be_folded_becomes_a_dead_letter_and_writes_nothing(
    run: Run, reason: Reason
) -> None:
    world = World()
    world.handle(run)
    assert world.steps == ["publish", "confirm"]
    (letter,) = world.sent
    assert (letter.topic, letter.value) == (topics.GROUPS_REQUESTED.dead_letters, encode(REQUEST))
    assert letter.headers[Header.REASON] == reason
    assert letter.headers[Header.OFFSET] == "7"


def test_a_message_that_is_no_event_becomes_a_dead_letter() -> None:
    world = World()
    world.handle(answering, [Message(value=b"no event")])
    assert [letter.topic for letter in world.sent] == [topics.GROUPS_REQUESTED.dead_letters]


class Ended(BaseException):
    """The process would end here."""


@pytest.fixture
def exits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    statuses: list[int] = []

    def end(status: int) -> None:
        statuses.append(status)
        raise Ended

    monkeypatch.setattr("os._exit", end)
    return statuses


def test_the_process_ends_when_outputs_cannot_be_published(exits: list[int]) -> None:
    world = World(broken=ValueError("not a transient error"))
    with pytest.raises(Ended):
        world.handle(answering)
    assert exits == [CRASHED]
    assert world.steps == []


def test_the_process_ends_when_too_many_dead_letters_come_in_a_row(exits: list[int]) -> None:
    world = World()
    with pytest.raises(Ended):
        world.handle(rejecting, [Message()] * (FUSE_IN_A_ROW + 1))
    assert exits == [CRASHED]
    assert len(world.sent) == FUSE_IN_A_ROW

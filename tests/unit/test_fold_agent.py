"""An agent commits a batch in one transaction, then writes its table; and it drops nothing."""

import errno
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from adapters.kafka.fetched import Fetched
from adapters.kafka.fuse import LEAST_FAILED
from adapters.kafka.transactional_calls import StaleMemberError
from adapters.process.retry import TransientError
from adapters.table import Table
from schemas import stages, topics
from schemas.codec import encode
from schemas.event import Event
from schemas.ids import UserId
from schemas.rejections import Header, Reason
from streams.fold import Outputs, Run
from streams.groups.state import Group
from streams.host.agent import CRASHED
from streams.store import Store
from tests.fold_world import (
    ANSWER,
    PARTITION,
    REQUEST,
    World,
    answering,
    failing,
    filling,
    growing,
    hoarding,
    message,
    rejecting,
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(Table(tmp_path))


def group_of(world: World, tmp_path: Path) -> Group | None:
    """The fold's row, as a later process reads it."""
    table = Table(tmp_path)
    body = table.get(PARTITION, b"g")
    table.close()
    return msgspec.json.decode(body, type=Group) if body else None


def test_outputs_and_changelog_are_committed_before_the_table_is_written(
    world: World, tmp_path: Path
) -> None:
    world.handle(answering, [message()])
    assert world.steps == ["fuse is closed", "join", "commit 2", "leave"]
    answer, change = world.sent
    assert answer.value == encode(ANSWER)
    assert (change.topic, change.key, change.partition) == (
        stages.GROUPS.changelog,
        b"g",
        PARTITION,
    )
    assert world.offsets == [{(topics.GROUPS_REQUESTED.name, PARTITION): 8}]
    assert group_of(world, tmp_path) == Group(name="ours")


def test_ends_of_other_partitions_are_committed_with_a_batch(world: World) -> None:
    end = {(topics.GROUPS_REQUESTED.name, PARTITION + 1): 5}
    world.ends = end
    world.handle(answering, [message(7)])
    assert world.offsets == [{(topics.GROUPS_REQUESTED.name, PARTITION): 8, **end}]


def test_a_batch_is_one_transaction_and_an_equal_value_is_written_once(world: World) -> None:
    world.handle(answering, [message(7), message(8)], [message(9)])
    assert world.steps == ["fuse is closed", "join", "commit 3", "commit 1", "leave"]
    assert world.offsets[0] == {(topics.GROUPS_REQUESTED.name, PARTITION): 9}


def test_a_member_that_lost_its_partitions_writes_nothing(world: World, tmp_path: Path) -> None:
    world.broken = StaleMemberError("kafka: ILLEGAL_GENERATION")
    world.handle(answering, [message(7), message(8)])
    assert [fetched.offset for fetched in world.rewound] == [7, 8]
    assert group_of(world, tmp_path) is None


@pytest.mark.parametrize(
    ("run", "reason"),
    [
        (rejecting, Reason.UNKNOWN_SESSION),
        (failing, Reason.FOLD_FAILED),
        (filling, Reason.FOLD_FAILED),
    ],
)
def test_an_event_that_cannot_be_folded_becomes_a_dead_letter_and_writes_nothing(
    world: World, tmp_path: Path, run: Run, reason: Reason
) -> None:
    world.handle(run, [message()])
    letter, written, answer = world.sent
    assert (written.topic, answer.topic) == (topics.LETTERS.name, topics.GROUPS_DECIDED.name)
    assert (letter.topic, letter.value) == (topics.GROUPS_REQUESTED.dead_letters, encode(REQUEST))
    assert letter.headers[Header.REASON] == reason
    assert letter.headers[Header.OFFSET] == "7"
    assert group_of(world, tmp_path) is None


def test_an_event_whose_row_no_broker_takes_is_a_dead_letter(world: World, tmp_path: Path) -> None:
    """Before, the worker ended when it committed it, at each start."""
    large = encode(replace(REQUEST, name="x" * 600_000))
    world.handle(hoarding, [message(7), message(8, large), message(9)])
    letters = [sent for sent in world.sent if sent.topic == topics.GROUPS_REQUESTED.dead_letters]
    assert [letter.headers[Header.REASON] for letter in letters] == [Reason.FOLD_FAILED]
    assert world.offsets == [{(topics.GROUPS_REQUESTED.name, PARTITION): 10}]
    assert group_of(world, tmp_path) == Group()


def test_a_small_event_may_make_a_row_that_no_broker_takes(world: World, tmp_path: Path) -> None:
    """The limits of people, groups and words together let a row of credits grow so far."""
    world.handle(growing, [message(7), message(8), message(9)])
    letters = [sent for sent in world.sent if sent.topic == topics.GROUPS_REQUESTED.dead_letters]
    assert [letter.headers[Header.OFFSET] for letter in letters] == ["9"]
    assert world.offsets == [{(topics.GROUPS_REQUESTED.name, PARTITION): 10}]
    assert group_of(world, tmp_path) == Group(name="x" * 800_000)


def test_a_batch_that_takes_long_is_cut(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before, who joined the group waited until all of it was done: minutes after an outage."""
    monkeypatch.setattr("streams.host.batch.MOST_S", 0.0)
    monkeypatch.setattr("streams.host.agent.MOST_S", 0.0, raising=False)
    world.handle(lambda _store, _event: [], [message(7), message(8), message(9)])
    assert world.offsets == [{(topics.GROUPS_REQUESTED.name, PARTITION): 8}]
    assert [fetched.offset for fetched in world.rewound] == [8, 9]


def test_the_neighbours_of_a_message_that_is_no_event_go_on(world: World) -> None:
    world.handle(answering, [message(7), message(8, b"no event"), message(9)])
    assert [sent.topic for sent in world.sent] == [
        topics.GROUPS_DECIDED.name,
        topics.GROUPS_REQUESTED.dead_letters,
        topics.LETTERS.name,
        topics.GROUPS_DECIDED.name,
        stages.GROUPS.changelog,
    ]


def test_a_try_that_failed_leaves_no_writes_behind(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.process.retry.FIRST_WAIT_S", 0.0)
    tries: list[bool] = []

    def late(store: Store, event: Event) -> Outputs:
        tries.append(store.get("half", Group) is None)
        if len(tries) == 1:
            store.put("half", Group(name="half"))
            raise TransientError("the store is away")
        return []

    world.handle(late, [message()])
    assert tries == [True, True]
    assert world.sent == []


@pytest.fixture
def exits(monkeypatch: pytest.MonkeyPatch, world: World) -> list[int]:
    statuses: list[int] = []

    def end(status: int) -> None:
        statuses.append(status)
        world.loop.call_soon_threadsafe(world.over.set)

    monkeypatch.setattr("os._exit", end)
    return statuses


def test_the_process_ends_when_nothing_can_be_committed(world: World, exits: list[int]) -> None:
    world.broken = TransientError("kafka is away")
    world.handle(answering, [message()])
    assert exits == [CRASHED]


def asked_by(person: int, offset: int) -> Fetched:
    """A request of a person of their own."""
    return message(offset, encode(replace(REQUEST, by=UserId(f"p{person}"))))


def test_the_process_ends_and_its_fuse_stays_open_when_most_people_have_dead_letters(
    world: World, exits: list[int]
) -> None:
    world.handle(failing, [asked_by(n, n) for n in range(LEAST_FAILED)])
    assert exits == [CRASHED]
    assert world.steps[-2:] == ["fuse is kept open", "leave"]
    assert len(world.sent) == 3 * (LEAST_FAILED - 1)


def test_the_process_ends_also_when_its_fuse_cannot_be_kept_open(
    world: World, exits: list[int]
) -> None:
    """Before, the fold stood still for ever, and its worker said that it was ready."""
    world.broken_gate = TransientError("kafka is away")
    world.handle(failing, [asked_by(n, n) for n in range(LEAST_FAILED)])
    assert exits == [CRASHED]


def test_what_one_person_does_never_opens_the_fuse(world: World, exits: list[int]) -> None:
    world.handle(failing, [asked_by(1, n) for n in range(100)])
    assert exits == []
    assert len(world.sent) == 300


def test_a_log_that_begins_with_forgotten_sessions_does_not_open_the_fuse(
    world: World, exits: list[int]
) -> None:
    world.handle(rejecting, [asked_by(n, n) for n in range(100)])
    assert exits == []


def test_an_error_of_the_machine_is_no_dead_letter(world: World, exits: list[int]) -> None:
    def full(store: Store, event: Event) -> Outputs:
        raise OSError(errno.ENOSPC, "the disk is full")

    world.handle(full, [message()])
    assert exits == [CRASHED]
    assert world.sent == []


def test_a_fold_cannot_publish_on_a_topic_that_its_entry_does_not_list(
    world: World, exits: list[int]
) -> None:
    world.handle(lambda store, event: [(topics.CREDITED, ANSWER)], [message()])
    assert exits == [CRASHED]
    assert world.sent == []

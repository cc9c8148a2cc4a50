"""The consumers' loop when its group has gone on without it, or refuses it."""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future

import pytest

from adapters.kafka.ends import Place
from adapters.kafka.fetched import Fetched
from adapters.kafka.publisher import Outgoing
from adapters.kafka.transactional_calls import StaleMemberError
from adapters.process.retry import MachineError, TransientError
from consumers.runtime.deadlines import STALE_S
from consumers.runtime.outcome import Done, Outcome
from schemas import topics
from tests.consumer_loop import PLACE, TICK, Broker, Work, loop_of, message, runs


def test_what_was_revoked_meanwhile_is_neither_published_nor_committed() -> None:
    broker = Broker([[message()]])

    def revoked() -> list[Outcome]:
        assert broker.loop is not None
        broker.loop.on_revoke({PLACE})
        return [Done(((topics.INBOUND, TICK),))]

    broker.loop = loop_of(broker, Work(broker.history, revoked))
    broker.loop.run()
    assert broker.history == ["attempt 1", "effect", "attempt 0"]


def test_a_partition_that_moves_again_and_again_uses_no_attempt_up() -> None:
    """Before, a window that four workers began was given up, though it harmed none of them."""
    broker = Broker([[message()]])

    def revoked() -> list[Outcome]:
        assert broker.loop is not None
        broker.loop.on_revoke({PLACE})
        broker.history.append("moved")
        return [Done()]

    broker.loop = loop_of(broker, Work(broker.history, revoked))
    broker.loop.run()
    assert broker.history == ["attempt 1", "effect", "attempt 0", "moved"]


def test_nothing_is_committed_of_a_partition_that_is_another_members_already() -> None:
    broker = Broker([[message()]])

    def lost() -> list[Outcome]:
        assert broker.loop is not None
        broker.loop.on_lost({PLACE})
        raise MachineError("the disk is full")

    broker.loop = loop_of(broker, Work(broker.history, lost))
    with pytest.raises(MachineError):
        broker.loop.run()
    assert broker.history == ["attempt 1", "effect"]


class Fencing(Broker):
    """Refuses the first number of an attempt: the group has gone on without this member."""

    def begin(self, place: Place, offset: int, attempt: int) -> Future[None]:
        super().begin(place, offset, attempt)
        refused = Future[None]()
        refused.set_exception(TransientError("kafka: UNKNOWN_MEMBER_ID"))
        return refused

    def poll(self, most: int, wait_s: float) -> list[Fetched]:
        if self.history:
            assert self.loop is not None
            self.loop.on_lost({PLACE})
        return super().poll(most, wait_s)


def test_a_batch_of_a_member_that_the_group_dropped_is_given_up_before_it_runs() -> None:
    broker = Fencing([[message(5)]])
    broker.loop = loop_of(broker, Work(broker.history, lambda: [Done()]))
    broker.loop.run()
    assert broker.history == ["attempt 1"]


class Refusing(Broker):
    """The group has gone on: it refuses the first commit. `is_lost`: it took the partition away."""

    def __init__(self, is_lost: bool) -> None:
        super().__init__([[message()]])
        self.is_lost = is_lost
        self.refused = 0

    def poll(self, most: int, wait_s: float) -> list[Fetched]:
        if self.refused and self.is_lost:
            assert self.loop is not None
            self.loop.on_lost({PLACE})
        return super().poll(most, wait_s)

    def commit(
        self, messages: Sequence[Outgoing], offsets: Mapping[Place, int], group: object
    ) -> dict[Place, int]:
        self.refused += 1
        if self.refused == 1:
            raise StaleMemberError("the epoch of before")
        return super().commit(messages, offsets, group)


@pytest.mark.parametrize(("is_lost", "seen"), [(True, []), (False, ["commit 6"])])
def test_a_refused_batch_is_dropped_when_it_is_lost_and_tried_again_when_it_is_not(
    is_lost: bool, seen: list[str]
) -> None:
    broker = Refusing(is_lost)
    work = Work(broker.history, lambda: [Done()])
    broker.loop = loop_of(broker, work)
    broker.loop.run()
    assert broker.history == ["attempt 1", "effect", *seen]


class Unknown(Broker):
    """The group does not know the member, and the member does not hear of it, for `times` tries."""

    def __init__(self, times: float) -> None:
        super().__init__([[message()]])
        self.left = times

    def commit(
        self, messages: Sequence[Outgoing], offsets: Mapping[Place, int], group: object
    ) -> dict[Place, int]:
        self.left -= 1
        if self.left >= 0:
            raise StaleMemberError("kafka: UNKNOWN_MEMBER_ID")
        return super().commit(messages, offsets, group)


def test_a_membership_is_waited_for_by_the_clock_and_not_by_tries() -> None:
    """A poll ends with a message: fifty tries were over before the client had a connection."""
    broker = Unknown(times=200)
    assert runs(broker)
    assert broker.history == ["attempt 1", "effect", "commit 6"]


def test_a_member_that_is_refused_for_ever_ends_its_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("consumers.runtime.deadlines.STALE_S", 0.05)
    broker = Unknown(times=float("inf"))
    with pytest.raises(RuntimeError, match="refuses every membership"):
        runs(broker)


class Away(Unknown):
    """Kafka is away during the first commit. The member hears of its end a moment later."""

    away_s = 0.0

    def commit(
        self, messages: Sequence[Outgoing], offsets: Mapping[Place, int], group: object
    ) -> dict[Place, int]:
        if not self.history.count("away"):
            self.history.append("away")
            self.away_s = 2 * STALE_S
        return super().commit(messages, offsets, group)


def test_a_member_has_its_time_to_come_back_after_its_broker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before, a worker with models ended when its broker had been away for more than a minute."""
    broker = Away(times=2)
    passed_s = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: passed_s() + broker.away_s)
    assert runs(broker)
    assert broker.history == ["attempt 1", "effect", "away", "commit 6"]


def test_a_membership_is_not_waited_for_when_the_process_must_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("consumers.runtime.deadlines.DRAIN_S", 0.05)
    broker = Unknown(times=float("inf"))
    assert not runs(broker)
    assert broker.history == ["attempt 1", "effect", "attempt 0"]

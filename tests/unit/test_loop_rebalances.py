"""The consumers' loop passes over no message and sets nothing back, whatever its group does."""

import random
from collections.abc import Sequence

import pytest

from adapters.kafka.dead_letters import Letters
from adapters.kafka.fuse import Fuse
from consumers.runtime.loop import Loop
from consumers.runtime.outcome import DeadLettered, Done, Outcome, Postponed, Record
from schemas import topics
from schemas.rejections import Reason
from schemas.stage_names import StageName
from tests.consumer_loop import nobodys
from tests.moving_group import MovingGroup

SEEDS = range(25)
MOST_WAITS = 3


class Work:
    """A step that answers each message. One may wait for others, MOST_WAITS times."""

    name = "work"
    gather_s = 0.0

    def __init__(self, dice: random.Random, *, counts_attempts: bool) -> None:
        self.batch_size = dice.choice([1, 2, 5])
        self.counts_attempts = counts_attempts
        self.attempts: set[int] = set()
        self._dice = dice
        self._waited: dict[tuple[int, int], int] = {}

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        return [self._one(record) for record in records]

    def _one(self, record: Record) -> Outcome:
        self.attempts.add(record.attempt)
        message = (record.partition, record.offset)
        waited = self._waited.get(message, 0)
        if not self.counts_attempts and waited < MOST_WAITS and self._dice.random() < 0.3:
            self._waited[message] = waited + 1
            return Postponed("for others")
        return Done(((topics.INBOUND, record.event),))

    def give_up(self, record: Record, reason: Reason, detail: str) -> DeadLettered:
        return DeadLettered(reason, detail, ((topics.INBOUND, record.event),))


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consumers.runtime.loop.POLL_S", 0.0)
    monkeypatch.setattr("consumers.runtime.postponed.LOOK_S", 0.0)


def worked(seed: int, *, counts_attempts: bool, loses: bool) -> Work:
    """The step after all is committed. The group checks each commit."""
    dice = random.Random(seed)
    group = MovingGroup(dice, loses=loses)
    work = Work(dice, counts_attempts=counts_attempts)
    letters = Letters(StageName.CLUSTER, lambda: 1)
    fuse = Fuse(StageName.CLUSTER, nobodys)
    group.loop = Loop(group, group, work, [topics.INBOUND], letters, fuse)
    assert group.loop.run()
    assert group.handled == group.messages
    return work


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("counts_attempts", [True, False])
def test_every_message_is_handled_and_every_commit_is_right(
    seed: int, counts_attempts: bool
) -> None:
    worked(seed, counts_attempts=counts_attempts, loses=True)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_move_of_a_partition_uses_an_attempt_up(seed: int) -> None:
    assert worked(seed, counts_attempts=True, loses=False).attempts == {1}

"""Batches of the consumers' loop: which wait, which are halved, and what is postponed."""

from collections.abc import Sequence

import pytest

from adapters.process.retry import TransientError
from consumers.erasure.step import Erasure
from consumers.rollup.step import Rollup
from consumers.runtime.housekeeping import KeepsHouse
from consumers.runtime.outcome import Outcome, Postponed, Record
from schemas import topics
from schemas.rejections import Header
from tests.consumer_loop import Broker, Picky, loop_of, of


@pytest.mark.parametrize(("gather_s", "sizes"), [(0.0, [1, 1, 1]), (0.2, [3])])
def test_a_batch_waits_for_its_others_where_the_step_asks_for_it(
    gather_s: float, sizes: list[int]
) -> None:
    broker = Broker([[of(1, offset)] for offset in range(3)])
    picky = Picky(set())
    picky.batch_size = 3
    picky.gather_s = gather_s
    broker.loop = loop_of(broker, picky)
    broker.loop.run()
    assert picky.sizes == sizes


@pytest.mark.parametrize("bad", [{0}, {7}, {2, 5}, {3, 4}, set(range(8))])
def test_a_batch_is_halved_until_the_bad_ones_are_found(bad: set[int]) -> None:
    broker = Broker([[of(1, n) for n in range(8)]])
    picky = Picky(bad)
    broker.loop = loop_of(broker, picky)
    broker.loop.run()
    assert sorted(picky.done) == [n for n in range(8) if n not in bad]
    letters = [one for one in broker.sent if one.topic == topics.INBOUND.dead_letters]
    assert [letter.headers[Header.OFFSET] for letter in letters] == [str(n) for n in sorted(bad)]
    assert broker.history[-1] == "commit 8"


class Patient(Picky):
    """A step in which offset 1 waits until offset 3 is done."""

    batch_size = 1

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        (record,) = records
        if record.offset == 1 and 3 not in self.done:
            return [Postponed("for 3")]
        return super().process(records)


def test_what_waits_is_committed_last_and_nobody_waits_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("consumers.runtime.postponed.LOOK_S", 0.0)
    broker = Broker([[of(1, 1)], [of(1, 2)], [of(1, 3)], []])
    patient = Patient(set())
    broker.loop = loop_of(broker, patient)
    broker.loop.run()
    assert patient.done == [2, 3, 1]
    commits = [step for step in broker.history if step.startswith("commit")]
    assert set(commits[:-1]) == {"commit 1"}
    assert commits[-1] == "commit 4"


class Housed(Picky):
    """A step with work that no message brings."""

    def __init__(self) -> None:
        super().__init__(set())
        self.looks = 0

    def keep_house(self) -> None:
        self.looks += 1


@pytest.mark.parametrize("messages", [0, 1])
def test_a_step_keeps_house_whether_messages_come_or_not(messages: int) -> None:
    """People and marks were looked for only when somebody recorded something."""
    broker = Broker([[of(1, n)] * messages for n in range(2)])
    housed = Housed()
    broker.loop = loop_of(broker, housed)
    broker.loop.run()
    assert housed.looks == 3  # the last one when the broker says that it has no more
    assert bool(broker.history) is bool(messages)


class Blinks(Housed):
    """The server of its house is away at the first look."""

    def keep_house(self) -> None:
        super().keep_house()
        if self.looks == 1:
            raise TransientError("away")


def test_a_server_that_is_away_while_nothing_comes_is_waited_for() -> None:
    """Before, a moment without ClickHouse ended every idle worker that keeps house."""
    broker = Broker([[], []])
    blinks = Blinks()
    broker.loop = loop_of(broker, blinks)
    assert broker.loop.run()
    assert blinks.looks == 4


@pytest.mark.parametrize("step", [Erasure, Rollup])
def test_the_steps_with_a_house_say_so(step: type) -> None:
    assert issubclass(step, KeepsHouse)

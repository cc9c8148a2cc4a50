"""The consumers' loop: effects, then a confirmed publish, then the commit; and what ends it."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest

from adapters.kafka.ends import Place
from adapters.kafka.publisher import Outgoing
from adapters.process import retry
from adapters.process.retry import TransientError
from consumers.runtime.outcome import Done, Outcome
from schemas import topics
from tests.consumer_loop import PLACE, TICK, Broker, Work, loop_of, message, run


def test_effect_then_publish_then_commit() -> None:
    broker = run([[message()]], lambda: [Done(((topics.INBOUND, TICK),))])
    assert broker.history == ["attempt 1", "effect", f"publish {topics.INBOUND.name}", "commit 6"]


def test_sigterm_finishes_the_batch_in_hand_and_takes_no_other() -> None:
    broker = Broker([[message(5)], [message(6)]])

    def told_to_stop() -> list[Outcome]:
        assert broker.loop is not None
        broker.loop.stop()
        return [Done()]

    broker.loop = loop_of(broker, Work(broker.history, told_to_stop))
    broker.loop.run()
    assert broker.history == ["attempt 1", "effect", "commit 6"]


@pytest.fixture
def stop_waiting() -> Iterator[Callable[[], None]]:
    """SIGTERM for everything that waits in this process, until the test ends."""
    yield retry.stop_waiting
    retry._stopping.clear()


def test_sigterm_while_a_server_is_away_gives_the_batch_up_and_its_attempt_back(
    stop_waiting: Callable[[], None],
) -> None:
    broker = Broker([[message(5)]])

    def away() -> list[Outcome]:
        assert broker.loop is not None
        broker.loop.stop()
        stop_waiting()
        raise TransientError("the object store is away")

    broker.loop = loop_of(broker, Work(broker.history, away))
    assert not broker.loop.run()
    assert broker.history[0] == "attempt 1"
    assert broker.history[-1] == "attempt 0"
    assert not [line for line in broker.history if line.startswith("commit")]


def test_a_server_that_stays_away_ends_the_process_and_uses_up_no_attempt(
    stop_waiting: Callable[[], None],
) -> None:
    broker = Broker([[message(5)]])

    def away() -> list[Outcome]:
        stop_waiting()  # as if the patience were over
        raise TransientError("the object store is away")

    broker.loop = loop_of(broker, Work(broker.history, away))
    with pytest.raises(TransientError):
        broker.loop.run()
    assert broker.history[-1] == "attempt 0"


class Ending(Broker):
    """The partition ends with a marker behind each message; another partition has only markers."""

    def take_ends(self, besides: set[Place]) -> dict[Place, int]:
        ends = {PLACE: 7, (topics.INBOUND.name, 1): 9}
        return {place: end for place, end in ends.items() if place not in besides}

    def commit(
        self, messages: Sequence[Outgoing], offsets: Mapping[Place, int], group: object
    ) -> dict[Place, int]:
        self.history.append(f"commit {sorted(offsets.values())}")
        return {}


def test_a_group_reaches_the_end_of_a_log_of_transactions() -> None:
    broker = Ending([[message(5)]])
    broker.loop = loop_of(broker, Work(broker.history, lambda: [Done()]))
    broker.loop.run()
    assert broker.history[2] == "commit [7, 9]"


def test_an_end_behind_a_message_that_waits_is_not_committed() -> None:
    broker = Ending([[message(5), message(6)]])
    broker.loop = loop_of(broker, Work(broker.history, lambda: [Done()]))
    broker.loop.run()
    assert broker.history[2] == "commit [6, 9]"

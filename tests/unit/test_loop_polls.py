"""The consumers' loop polls while it works, and fetches ahead by so much and no more."""

import threading
import time

import pytest

from adapters.kafka.fetched import Fetched
from consumers.runtime.outcome import Done, Outcome
from deploy.waiting import until
from tests.consumer_loop import Broker, Work, loop_of, message, runs

PATIENCE_S = 30.0


def test_it_polls_while_it_works() -> None:
    broker = Broker([[message()]])

    def slow() -> list[Outcome]:
        until(lambda: broker.polled_while_busy, lambda times: times > 3, PATIENCE_S)
        return [Done()]

    assert runs(broker, slow)
    assert broker.history[-1] == "commit 6"


class Blocking(Broker):
    """A poll that may wait waits until somebody ends it; nobody does while work is going on."""

    def __init__(self, batches: list[list[Fetched]]) -> None:
        super().__init__(batches)
        self.waits_in_work: list[float] = []
        self.is_working = threading.Event()

    def poll(self, most: int, wait_s: float) -> list[Fetched]:
        if self.is_working.is_set():
            self.waits_in_work.append(wait_s)
        return super().poll(most, wait_s)


def test_the_end_of_work_is_not_waited_for_in_a_poll() -> None:
    def slow() -> list[Outcome]:
        broker.is_working.set()
        until(lambda: len(broker.waits_in_work), lambda times: times > 3, PATIENCE_S)
        broker.is_working.clear()
        return [Done()]

    broker = Blocking([[message()]])
    assert runs(broker, slow)
    assert set(broker.waits_in_work) == {0}


class Eager(Broker):
    """Hands out a message at every poll that is not paused, also while work is going on."""

    paused = False
    fetched_ahead = 0

    def poll(self, most: int, wait_s: float) -> list[Fetched]:
        if self.paused:
            time.sleep(0.001)
            return []
        if wait_s < 0.1:
            self.fetched_ahead += 1
        return super().poll(most, 1.0)

    def hold(self, topics: frozenset[str]) -> None:
        self.paused = bool(topics)


def test_the_next_messages_are_fetched_while_one_is_worked_on_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("consumers.runtime.lanes.AHEAD", 1)
    ahead: list[int] = []

    def slow() -> list[Outcome]:
        until_s = time.monotonic() + PATIENCE_S
        while broker.fetched_ahead <= len(ahead) < 2 and time.monotonic() < until_s:
            time.sleep(0.001)
        time.sleep(0.05)
        ahead.append(broker.fetched_ahead)
        return [Done()]

    broker = Eager([[message(offset)] for offset in (5, 6, 7)])
    broker.loop = loop_of(broker, Work(broker.history, slow))
    broker.loop.run()
    assert [step for step in broker.history if step.startswith("commit")] == [
        "commit 6",
        "commit 7",
        "commit 8",
    ]
    assert ahead[:2] == [1, 2]


class Joined(Eager):
    """While it is paused it gets a message of a partition that came just now, and work ends."""

    def __init__(self) -> None:
        super().__init__([[message(5)], [message(6)]])
        self.may_end = threading.Event()
        self.has_ended = threading.Event()

    def poll(self, most: int, wait_s: float) -> list[Fetched]:
        if self.paused and wait_s >= 0.1:  # a loop that fetches nothing for ever
            self.batches.clear()
            return Broker.poll(self, most, wait_s)
        if not self.paused or self.may_end.is_set():
            return super().poll(most, wait_s)
        self.may_end.set()
        self.has_ended.wait(PATIENCE_S)
        time.sleep(0.05)
        return [message(7)]


def test_nothing_stays_paused_when_a_partition_comes_while_all_are_paused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("consumers.runtime.lanes.AHEAD", 1)
    broker = Joined()
    outcomes = iter(list[list[Outcome]]([[Done()], [Done(), Done()]]))

    def works() -> list[Outcome]:
        broker.may_end.wait(PATIENCE_S)
        broker.has_ended.set()
        return next(outcomes)

    work = Work(broker.history, works)
    work.batch_size = 2
    broker.loop = loop_of(broker, work)
    broker.loop.run()
    assert not broker.paused

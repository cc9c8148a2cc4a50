"""A partition is taken away while the attempt of its message is being committed."""

import time
from collections.abc import Mapping
from concurrent.futures import Future

import pytest

from adapters.kafka.ends import Place
from adapters.process.retry import TransientError
from consumers.runtime.attempts import COMMIT_S, Attempts, LostPartitionError
from tests.consumer_loop import PLACE, message


class Committing:
    """The client's commits: of two for one partition, it knows the answer of the newer alone."""

    def __init__(self) -> None:
        self.attempts_at: list[int] = []
        self._begun: dict[Place, Future[None]] = {}

    def attempts(self, offsets: Mapping[Place, int]) -> dict[Place, int]:
        return dict.fromkeys(offsets, 0)

    def begin(self, place: Place, offset: int, attempt: int) -> Future[None]:
        self.attempts_at.append(attempt)
        self._begun[place] = Future()
        return self._begun[place]

    def answer(self) -> None:
        for done in self._begun.values():
            done.set_result(None)
        self._begun = {}


def test_nobody_waits_for_the_commit_of_a_partition_that_is_gone() -> None:
    """Before, the worker did nothing for ten seconds.

    The commit that gave the attempt back took the place of the one that was waited for.
    """
    client = Committing()
    lost: set[Place] = set()

    def poll(_: float) -> None:
        if not lost:
            attempts.leave({PLACE})
            attempts.forget({PLACE})
            lost.add(PLACE)
        client.answer()

    attempts = Attempts(client, poll, lambda place: place in lost)
    began_s = time.monotonic()
    with pytest.raises(LostPartitionError):
        attempts.begin([message()])
    assert time.monotonic() - began_s < COMMIT_S / 2
    assert client.attempts_at == [1, 0]


def test_a_group_that_is_away_keeps_nobody_from_ending() -> None:
    """A poll met its error, and a worker that was told to end died of it."""
    client = Committing()
    polls: list[float] = []

    def poll(wait_s: float) -> None:
        polls.append(wait_s)
        if len(polls) > 1:
            raise TransientError("away")
        client.answer()

    attempts = Attempts(client, poll, lambda _: False)
    attempts.begin([message()])
    attempts.give_back()
    assert client.attempts_at == [1, 0]
    attempts.give_back()
    assert client.attempts_at == [1, 0]

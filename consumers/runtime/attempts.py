"""Attempts of messages, in the metadata of commits: counted before they run, and given back."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from typing import Protocol

from adapters.kafka.ends import Place
from adapters.kafka.fetched import Fetched
from adapters.process.logs import logger
from adapters.process.retry import PATIENCE_S, TransientError, is_stopping, retry_transient

COMMIT_S = 10.0
"""A commit that takes longer is made again."""
GIVE_BACK_S = 2.0
"""The process ends after that: it waits for no server that is away."""
POLL_S = 0.002
"""The broker answers a commit in some milliseconds, and a poll does not end when it does."""
AGAIN_S = 0.2
"""Before a commit that was refused is made again, while the group is heard."""


Numbers = dict[Fetched, int]
"""Numbers of attempts by their messages, of which each partition has one at most."""


class LostPartitionError(Exception):
    """The group took the partition away. The message comes again, here or elsewhere."""


class CountingConsumer(Protocol):
    """Port of `adapters.kafka.consumer.KafkaConsumer`."""

    def attempts(self, offsets: Mapping[Place, int]) -> dict[Place, int]: ...
    def begin(self, place: Place, offset: int, attempt: int) -> Future[None]: ...


class Attempts:
    """Attempts of the batch in hand. Call it on the polling thread; every method may block.

    A message that kills its process reaches no `except`, so its attempt is committed before. A
    message whose server is away, whose machine is unwell, or whose partition is taken away, is not
    at fault: its attempt is given back.
    """

    def __init__(
        self,
        consumer: CountingConsumer,
        poll: Callable[[float], object],
        is_lost: Callable[[Place], bool],
    ) -> None:
        """`poll` is called while a commit is under way: in it the group tells what is lost."""
        self._consumer = consumer
        self._poll = poll
        self._is_lost = is_lost
        self._begun: Numbers = {}

    def before(self, messages: Sequence[Fetched]) -> Numbers:
        """How often each message was begun before. One question to the broker."""
        if not messages:
            return {}
        offsets = {one.place: one.offset for one in messages}
        attempts = retry_transient(lambda: self._consumer.attempts(offsets))
        return {one: attempts[one.place] for one in messages}

    def have_crashed(self, messages: Sequence[Fetched]) -> bool:
        """Whether one of them was begun before."""
        return any(self.before(messages).values())

    def begin(self, messages: Sequence[Fetched]) -> Numbers:
        """Commit that attempts begin; returns their numbers.

        Raises LostPartitionError, and TransientError when the broker stays away.
        """
        numbers = {one: before + 1 for one, before in self.before(messages).items()}
        self._begun |= numbers
        until_s = time.monotonic() + PATIENCE_S
        while not self._commits(numbers, COMMIT_S):
            self._poll(AGAIN_S)
            if self._is_any_lost(numbers):
                raise LostPartitionError
            if is_stopping() or time.monotonic() > until_s:
                raise TransientError("kafka did not take the numbers of attempts")
        return numbers

    def settle(self) -> None:
        """Forget the batch: its offsets are committed, or it belongs to somebody else."""
        self._begun = {}

    def leave(self, places: Collection[Place]) -> None:
        """Take the attempts in these partitions back: they are ours for a moment. Does not block.

        The group hears that they are free after that, so the next owner sees the former numbers.
        """
        for one, attempt in self._begun.items():
            if one.place in places:
                with suppress(TransientError):
                    self._consumer.begin(one.place, one.offset, attempt - 1)

    def forget(self, places: Collection[Place]) -> None:
        """Forget the attempts in these partitions: who has them may have committed more."""
        kept = {one: number for one, number in self._begun.items() if one.place not in places}
        self._begun = kept

    def give_back(self) -> None:
        """Take the attempts of the batch back, as far as the broker answers. Raises nothing."""
        before = {one: attempt - 1 for one, attempt in self._begun.items()}
        is_taken = False
        with suppress(TransientError):  # a poll meets one too, while the group changes
            is_taken = self._commits(before, GIVE_BACK_S)
        if not is_taken:
            logger().warning("attempts_not_given_back", messages=len(self._begun))
        self.settle()

    def _commits(self, numbers: Numbers, within_s: float) -> bool:
        """Whether the broker took all the numbers within that time. They are sent together.

        Not when a partition is lost meanwhile: its attempt was given back, and the client tells of
        the newer of two commits alone.
        """
        try:
            begun = [
                self._consumer.begin(one.place, one.offset, attempt)
                for one, attempt in numbers.items()
            ]
        except TransientError:
            return False
        until_s = time.monotonic() + within_s
        while not all(one.done() for one in begun):
            if time.monotonic() >= until_s or self._is_any_lost(numbers):
                return False
            self._poll(POLL_S)
        return all(one.exception() is None for one in begun)

    def _is_any_lost(self, numbers: Numbers) -> bool:
        return any(self._is_lost(one.place) for one in numbers)

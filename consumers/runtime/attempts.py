"""Attempts of messages, in the metadata of commits: counted before they run, and given back."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import Protocol

from adapters.kafka.consumer import Fetched
from adapters.kafka.ends import Place
from adapters.process.logs import logger
from adapters.process.retry import PATIENCE_S, TransientError, is_stopping, retry_transient

COMMIT_S = 10.0
"""A commit that takes longer is made again."""
GIVE_BACK_S = 2.0
"""The process ends after that: it waits for no server that is away."""
POLL_S = 0.05
AGAIN_S = 0.2
"""Before a commit that was refused is made again, while the group is heard."""


class LostPartitionError(Exception):
    """The group took the partition away. The message comes again, here or elsewhere."""


class CountingConsumer(Protocol):
    """Port of `adapters.kafka.consumer.KafkaConsumer`."""

    def attempts(self, place: Place, offset: int) -> int: ...
    def begin(self, place: Place, offset: int, attempt: int) -> Future[None]: ...


class Attempts:
    """Attempts of the batch in hand. Call it on the polling thread; every method may block.

    A message that kills its process reaches no `except`, so its attempt is committed before. One
    whose server is away, or whose machine is unwell, has done no wrong: its attempt is given back.
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
        self._begun: list[tuple[Fetched, int]] = []

    def before(self, fetched: Fetched) -> int:
        """How often the message was begun before."""
        return retry_transient(lambda: self._consumer.attempts(fetched.place, fetched.offset))

    def have_crashed(self, messages: Iterable[Fetched]) -> bool:
        """Whether one of them was begun before."""
        return any(self.before(fetched) for fetched in messages)

    def begin(self, fetched: Fetched) -> int:
        """Commit that an attempt begins; returns its number.

        Raises LostPartitionError, and TransientError when the broker stays away.
        """
        attempt = self.before(fetched) + 1
        until_s = time.monotonic() + PATIENCE_S
        while not self._commits(fetched, attempt, COMMIT_S):
            self._poll(AGAIN_S)
            if self._is_lost(fetched.place):
                raise LostPartitionError
            if is_stopping() or time.monotonic() > until_s:
                raise TransientError("kafka did not take the number of an attempt")
        self._begun.append((fetched, attempt))
        return attempt

    def settle(self) -> None:
        """Forget the batch: its offsets are committed, or it belongs to somebody else."""
        self._begun = []

    def give_back(self) -> None:
        """Take the attempts of the batch back, as far as the broker answers. Raises nothing."""
        if not all(self._commits(one, attempt - 1, GIVE_BACK_S) for one, attempt in self._begun):
            logger().warning("attempts_not_given_back", messages=len(self._begun))
        self.settle()

    def _commits(self, fetched: Fetched, attempt: int, within_s: float) -> bool:
        """Whether the broker took the number within that time."""
        try:
            done = self._consumer.begin(fetched.place, fetched.offset, attempt)
        except TransientError:
            return False
        until_s = time.monotonic() + within_s
        while not done.done() and time.monotonic() < until_s:
            self._poll(POLL_S)
        return done.done() and done.exception() is None

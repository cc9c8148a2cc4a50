"""Outcomes: the answer of a step to a message. Only the loop knows what each does to Kafka."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.rejections import Reason


@dataclass(frozen=True)
class Record:
    """One decoded message and its place in the log. `attempt` is 1 at the first try."""

    topic: Topic
    partition: int
    offset: int
    event: Event
    attempt: int = 1

    @property
    def place(self) -> tuple[str, int, int]:
        """Topic, partition and offset."""
        return self.topic.name, self.partition, self.offset


@dataclass(frozen=True)
class Done:
    """The message is handled. `events` follow from it and are published before the commit."""

    events: tuple[tuple[Topic, Event], ...] = ()


@dataclass(frozen=True)
class Dropped:
    """The message is rightly ignored: older than a known one, or about something erased."""

    reason: str


@dataclass(frozen=True)
class DeadLettered:
    """The message can never be handled. `events` tell the other stages, so that none waits."""

    reason: Reason
    detail: str
    events: tuple[tuple[Topic, Event], ...] = ()


@dataclass(frozen=True)
class Postponed:
    """The message waits for others, which are handled first. It comes again in a while."""

    reason: str


Outcome = Done | Dropped | DeadLettered | Postponed


class Step(Protocol):
    """The work of one consumer group. Runs on a worker thread and may block. Must be repeatable."""

    name: str
    batch_size: int
    counts_attempts: bool
    """Whether a message may kill the process.

    Attempts are then counted before they run, and end after MAX_ATTEMPTS of the loop.
    """

    gather_s: float
    """After the first message of a batch, seconds to wait for the others; 0: take what is there."""

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        """One outcome for each record, in order.

        Raises TransientError to be tried again. After any other error the records are handled in
        smaller batches, until it is clear which of them fails.
        """

    def give_up(self, record: Record, reason: Reason, detail: str) -> DeadLettered:
        """The outcome of a record that fails alone, or whose attempts all crashed."""

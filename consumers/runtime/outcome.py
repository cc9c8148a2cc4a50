"""What a step says of a message. Only the loop knows what that does to Kafka."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from schemas.event import Event
from schemas.rejections import Reason
from schemas.topics import Topic


@dataclass(frozen=True)
class Record:
    """One message as it lay in the log, decoded. `attempt` is 1 at the first try."""

    topic: Topic
    partition: int
    offset: int
    event: Event
    attempt: int = 1


@dataclass(frozen=True)
class Done:
    """Handled: these events follow from it."""

    events: tuple[tuple[Topic, Event], ...] = ()


@dataclass(frozen=True)
class Dropped:
    """Rightly ignored (older than what is held, erased)."""

    reason: str


@dataclass(frozen=True)
class DeadLettered:
    """Can never be handled; `events` tell the rest of the system so that nobody waits."""

    reason: Reason
    detail: str
    events: tuple[tuple[Topic, Event], ...] = ()


Outcome = Done | Dropped | DeadLettered


class Step(Protocol):
    """The work of one consumer group. Runs on a worker thread and may block; must be idempotent."""

    name: str
    batch_size: int
    counts_attempts: bool
    """Whether a message may kill the process: then attempts are counted before they run, and given up in the end."""

    def process(self, records: Sequence[Record]) -> list[Outcome]:
        """One outcome a record, in order. Raises TransientError to be tried again, anything else to crash."""

    def give_up(self, record: Record) -> DeadLettered:
        """The outcome for a record whose attempts are used up by crashes."""

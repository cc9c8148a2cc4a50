"""Pure: the messages of a batch as events, and the messages that cannot be decoded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from adapters.kafka.fetched import Fetched
from consumers.runtime.outcome import DeadLettered, Record
from schemas.codec import decode
from schemas.event import Event
from schemas.rejections import Rejected
from schemas.topics import BY_NAME


@dataclass(frozen=True)
class Decoded:
    """In the order of the batch. `rejected` are dead letters."""

    events: dict[Fetched, Event] = field(default_factory=dict)
    rejected: dict[Fetched, DeadLettered] = field(default_factory=dict)

    def records(self, attempts: Mapping[Fetched, int]) -> list[Record]:
        """The events with their places. Those without a number are tried for the first time."""
        return [
            Record(BY_NAME[one.topic], one.partition, one.offset, event, attempts.get(one, 1))
            for one, event in self.events.items()
        ]


def decoded(batch: Sequence[Fetched]) -> Decoded:
    """Each message of the batch as what it is."""
    found = Decoded()
    for one in batch:
        try:
            found.events[one] = _event(one)
        except Rejected as error:
            found.rejected[one] = DeadLettered(error.reason, error.detail)
    return found


def is_event(message: Fetched) -> bool:
    """Whether the message can be decoded."""
    return event_of(message) is not None


def event_of(message: Fetched) -> Event | None:
    """The event; None for a message that cannot be decoded."""
    try:
        return _event(message)
    except Rejected:
        return None


def _event(message: Fetched) -> Event:
    return decode(BY_NAME[message.topic], message.value)

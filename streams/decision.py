"""What a fold decides about one event: events to publish, or why the event is refused."""

from dataclasses import dataclass

from schemas.dead_letters import Reason
from schemas.event import Event
from schemas.topics import Topic

Outputs = list[tuple[Topic, Event]]


@dataclass(frozen=True)
class Refused(Exception):
    """This event can never be folded: it goes to the dead letters with its reason."""

    reason: Reason
    detail: str

"""The golden example of every event, decoded: the events that tests begin with."""

from pathlib import Path
from typing import TypeVar

from schemas import topics
from schemas.codec import decode
from schemas.event import Event
from schemas.fact_sheet import Topic

E = TypeVar("E", bound=Event)
PATHS = sorted(Path("schemas/golden").glob("*.json"))
HOMES = {kind.__name__: topic for topic in topics.ALL for kind in topic.events}
"""The topic of each event, by the event's name."""


def example(path: Path) -> tuple[Topic, Event]:
    """Return the event in `path` and its topic."""
    topic = HOMES[path.name.split(".")[0]]
    return topic, decode(topic, path.read_bytes())


EXAMPLES = [example(path) for path in PATHS]
NAMES = [type(event).__name__ for _, event in EXAMPLES]


def example_of(kind: type[E]) -> E:
    """Return the first example of this event itself: some events are of another kind as well."""
    return next(event for _, event in EXAMPLES if type(event) is kind)

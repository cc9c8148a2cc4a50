"""The golden example of every event, decoded: the events that tests begin with."""

from pathlib import Path

from schemas import topics
from schemas.codec import decode
from schemas.event import Event
from schemas.topics import Topic

PATHS = sorted(Path("schemas/golden").glob("*.json"))
HOMES = {kind.__name__: topic for topic in topics.ALL for kind in topic.events}
"""The topic of each event, by the event's name."""


def example(path: Path) -> tuple[Topic, Event]:
    """Return the event in `path` and its topic."""
    topic = HOMES[path.name.split(".")[0]]
    return topic, decode(topic, path.read_bytes())


EXAMPLES = [example(path) for path in PATHS]
NAMES = [type(event).__name__ for _, event in EXAMPLES]

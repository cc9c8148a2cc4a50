"""The golden examples as events. `schemas/golden` is everybody's fixture."""

from pathlib import Path

from schemas import codec, topics
from schemas.event import Event
from schemas.topics import Topic

GOLDEN = Path("schemas/golden")


def body(name: str) -> bytes:
    """The example of an event class, as its file says it."""
    return (GOLDEN / f"{name}.v1.json").read_bytes()


def golden(topic: Topic, name: str) -> Event:
    """The example of an event class, decoded as a reader of `topic` does."""
    return codec.decode(topic, body(name))


def examples_on(*chosen: Topic) -> list[tuple[Topic, Event]]:
    """One example of every event that may be on these topics, or on any topic."""
    return [
        (topic, golden(topic, kind.__name__))
        for topic in chosen or topics.ALL
        for kind in topic.events
    ]

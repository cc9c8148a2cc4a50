"""What a fold decides about one event: events to publish, or why the event is refused."""

from collections.abc import Callable
from dataclasses import dataclass

from schemas.event import Event
from schemas.topics import Topic
from streams.store import Store

Outputs = list[tuple[Topic, Event]]
Run = Callable[[Store, Event], Outputs]


@dataclass(frozen=True)
class Fold:
    """One fold: its name (also its table's), all of its topics, and what it does. `run` may block."""

    name: str
    topics: tuple[Topic, ...]
    run: Run
    on_write: Callable[[str, bytes], None] = lambda key, value: None

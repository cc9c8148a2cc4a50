"""Running a fold over events, with the table between them, as its agent does."""

from collections.abc import Callable, Iterable

from schemas.event import Event
from streams.fold import Outputs
from streams.store import Store


def run(
    fold: Callable[[Store, Event], Outputs],
    events: Iterable[Event],
    table: dict[str, bytes] | None = None,
) -> list[Event]:
    """Everything that was sent. The fold reads and writes `table`; without one it has a new one."""
    held = {} if table is None else table
    out: list[Event] = []
    for event in events:
        store = Store(held.get)
        out += [sent for _, sent in fold(store, event)]
        store.write_to(held)
    return out

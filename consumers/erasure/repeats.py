"""Pure: which erasures of a batch are covered by another one of the batch."""

from collections.abc import Hashable, Iterable

from schemas.event import Event
from schemas.ids import EventId
from schemas.people_events import UserErased
from schemas.session_events import SessionErased, TextExpired


def covered(events: Iterable[Event]) -> set[EventId]:
    """Ids of erasures of something that the batch erases once more, up to a later moment.

    People press a button again and again. Each erasure rewrites tables, and the one with the
    latest time removes everything that the others would.
    """
    found: set[EventId] = set()
    latest: dict[Hashable, Event] = {}
    for event in events:
        about = _about(event)
        if about is None:
            continue
        other = latest.get(about)
        newer = event
        if other is not None:
            older, newer = sorted((other, event), key=_occurred_at)
            found.add(older.event_id)
        latest[about] = newer
    return found


def _occurred_at(event: Event) -> int:
    return event.occurred_at_ms


def _about(event: Event) -> Hashable | None:
    match event:
        case UserErased():
            return UserErased, event.user_id
        case SessionErased() | TextExpired():
            return type(event), event.session_id
    return None

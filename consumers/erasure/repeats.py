"""Pure: which erasures of a batch are covered by another one of the batch."""

from collections.abc import Hashable, Sequence

from schemas.event import Event
from schemas.people_events import UserErased
from schemas.session_events import SessionErased, TextExpired


def covered(events: Sequence[Event]) -> set[int]:
    """Places in `events` of erasures of something that it erases once more, up to a later moment.

    People press a button again and again. Each erasure rewrites tables, and the one with the
    latest time removes everything that the others would. A request that is repeated has one id, so
    ids do not tell them apart.
    """
    found: set[int] = set()
    latest: dict[Hashable, int] = {}
    for place, event in enumerate(events):
        about = _about(event)
        if about is None:
            continue
        former = latest.setdefault(about, place)
        if former == place:
            continue
        is_newer = event.occurred_at_ms >= events[former].occurred_at_ms
        found.add(former if is_newer else place)
        if is_newer:
            latest[about] = place
    return found


def _about(event: Event) -> Hashable | None:
    match event:
        case UserErased():
            return UserErased, event.user_id
        case SessionErased() | TextExpired():
            return type(event), event.session_id
    return None

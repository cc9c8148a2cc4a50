"""Pure: an erased session. Only its existence, its owner and its time are remembered."""

from msgspec.structs import replace

from schemas.event import SessionEvent
from schemas.phone_events import ChunkUploaded
from schemas.session_events import State, Tick
from schemas.session_requests import EraseRequested
from streams.fold import Outputs
from streams.sessions import chunks, events
from streams.sessions.due import is_due
from streams.sessions.state import NOBODY, Decision, Rules, Session, session_key
from streams.store import Store


def on_erase(store: Store, session: Session, event: EraseRequested) -> Decision:
    """Removes everything that the table has of the session. Only the owner may ask for it."""
    if event.by != session.owner:
        return session, [events.rejected(event, "not_yours")]
    chunks.forget(store, session)
    session = _erased(session, event.occurred_at_ms)
    return session, [events.erased(session, event, event.request_id)]


def _erased(session: Session, now_ms: int) -> Session:
    return Session(
        session_id=session.session_id,
        owner=session.owner,
        group_id=session.group_id,
        time_zone=session.time_zone,
        recorded_at_ms=session.recorded_at_ms,
        hint=None,
        state=State.ERASED,
        newest_ms=session.newest_ms,
        last_arrival_ms=now_ms,
        generation=session.generation,
    )


def after(store: Store, session: Session, event: SessionEvent, rules: Rules) -> Outputs:
    """Returns the events that follow from an event of an erased session.

    A repeated request is answered again. A chunk that was on its way has to be removed again. The
    mark leaves when nothing can be on its way any more, and so does the owner's id: the directory
    only says from then on that the session is erased.
    """
    match event:
        case EraseRequested() if event.by == session.owner:
            row = events.listing(session, event)
            return [row, events.erased(session, event, event.request_id)]
        case ChunkUploaded():
            return [events.erased(session, event, "")]
        case Tick() if is_due(session, event, rules):
            store.delete(session_key(session.session_id))
            nobodys = replace(session, owner=NOBODY)
            return [events.listing(nobodys, event), events.settled(session, event)]
    return []

"""Pure: an erased session. Only its existence, its owner and its time are remembered."""

from schemas.event import SessionEvent
from schemas.phone_events import ChunkUploaded
from schemas.session_events import State
from schemas.session_requests import EraseRequested
from schemas.speech_events import ChunkRef
from streams.fold import Outputs
from streams.sessions import events
from streams.sessions.state import (
    Bucket,
    Decision,
    Session,
    bucket_key,
    buckets_of,
    chunk_key,
)
from streams.store import Store

NO_CHUNK = ChunkRef(seq=0, sha256="", start_ms=0, duration_ms=0)


def on_erase(store: Store, session: Session, event: EraseRequested) -> Decision:
    """Overwrites everything that the table has of the session. Only the owner may ask for it."""
    if event.by != session.owner:
        return session, [events.rejected(event, "not_yours")]
    for number in buckets_of(0, session.newest_ms):
        store.put(bucket_key(session.session_id, number), Bucket())
    for first, end in session.received:
        for seq in range(first, end):
            store.put(chunk_key(session.session_id, seq), NO_CHUNK)
    session = _erased(session)
    return session, [events.erased(session, event, event.request_id)]


def _erased(session: Session) -> Session:
    return Session(
        session_id=session.session_id,
        owner=session.owner,
        group_id=session.group_id,
        time_zone=session.time_zone,
        recorded_at_ms=session.recorded_at_ms,
        hint=None,
        state=State.ERASED,
        newest_ms=session.newest_ms,
        generation=session.generation,
    )


def after(session: Session, event: SessionEvent) -> Outputs:
    """Returns what follows from an event of an erased session.

    A repeated request is answered again. A chunk that was on its way has to be removed again.
    """
    match event:
        case EraseRequested() if event.by == session.owner:
            row = events.listing(session, event)
            return [row, events.erased(session, event, event.request_id)]
        case ChunkUploaded():
            return [events.erased(session, event, "")]
    return []

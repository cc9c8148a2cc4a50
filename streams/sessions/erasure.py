"""An erased session: nothing of it is remembered but that it was, whose, and when."""

from schemas import topics
from schemas.event import SessionEvent
from schemas.phone_events import ChunkUploaded
from schemas.session_events import SessionErased, State
from schemas.session_requests import EraseRequested
from schemas.speech_events import ChunkRef
from streams.fold import Outputs
from streams.sessions import events
from streams.sessions.state import Bucket, Session, bucket_key, buckets_of, seq_key
from streams.store import Store

FORGOTTEN = ChunkRef(seq=0, sha256="", start_ms=0, duration_ms=0)


def on_erase(store: Store, session: Session, event: EraseRequested) -> tuple[Session, Outputs]:
    """Only whoever recorded may; everything that the table holds of the session is overwritten."""
    if event.by != session.owner:
        return session, [events.rejected(event, "not_yours")]
    for number in buckets_of(0, session.newest_ms):
        store.put(bucket_key(session.session_id, number), Bucket())
    for first, end in session.received:
        for seq in range(first, end):
            store.put(seq_key(session.session_id, seq), FORGOTTEN)
    session = Session(
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
    return session, _outputs(session, event)


def after(session: Session, event: SessionEvent) -> Outputs:
    """What still comes of an erased session: a repeated request is answered again, an upload that was on its way is swept up."""
    match event:
        case EraseRequested() if event.by == session.owner:
            return _outputs(session, event)
        case ChunkUploaded():
            return [(topics.DECIDED, _erased(session, event, ""))]
    return []


def _outputs(session: Session, event: EraseRequested) -> Outputs:
    return [
        events.listing(session, event),
        (topics.DECIDED, _erased(session, event, event.request_id)),
    ]


def _erased(session: Session, event: SessionEvent, request_id: str) -> SessionErased:
    return SessionErased(
        caused_by=event.event_id,
        occurred_at_ms=event.occurred_at_ms,
        session_id=session.session_id,
        request_id=request_id,
        recorded_at_ms=session.recorded_at_ms,
        audio_ms=session.newest_ms,
    )

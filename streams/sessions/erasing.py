"""An erased session: nothing of it is remembered but that it was, whose, and when."""

from schemas import topics
from schemas.event import SessionEvent
from schemas.ids import event_id
from schemas.session_events import ChunkUploaded, SessionErased, State
from schemas.session_requests import EraseRequested
from schemas.speech_events import ChunkRef
from streams.decision import Outputs
from streams.sessions import publishing
from streams.sessions.state import Bucket, Header, bucket_key, buckets_of, seq_key
from streams.store import Store

FORGOTTEN = ChunkRef(seq=0, sha256="", start_ms=0, duration_ms=0)


def on_erase(store: Store, header: Header, event: EraseRequested) -> tuple[Header, Outputs]:
    """Only whoever recorded may; everything that the table holds of the session is overwritten."""
    if event.by != header.owner:
        return header, [publishing.rejected(event, event.request_id, "not_yours")]
    for number in buckets_of(0, header.newest_ms):
        store.put(bucket_key(header.session_id, number), Bucket())
    for first, end in header.received:
        for seq in range(first, end):
            store.put(seq_key(header.session_id, seq), FORGOTTEN)
    header = Header(
        session_id=header.session_id,
        owner=header.owner,
        group_id=header.group_id,
        time_zone=header.time_zone,
        recorded_at_ms=header.recorded_at_ms,
        hint=None,
        state=State.ERASED,
        newest_ms=header.newest_ms,
        generation=header.generation,
    )
    return header, _outputs(header, event)


def after(header: Header, event: SessionEvent) -> Outputs:
    """What still comes of an erased session: a repeated request is answered again, an upload that was on its way is swept up."""
    match event:
        case EraseRequested() if event.by == header.owner:
            return _outputs(header, event)
        case ChunkUploaded():
            return [(topics.DECIDED, _erased(header, event, ""))]
    return []


def _outputs(header: Header, event: EraseRequested) -> Outputs:
    return [
        publishing.listing(header, event),
        (topics.DECIDED, _erased(header, event, event.request_id)),
    ]


def _erased(header: Header, event: SessionEvent, request_id: str) -> SessionErased:
    return SessionErased(
        event_id=event_id("SessionErased", event.event_id),
        occurred_at_ms=event.occurred_at_ms,
        session_id=header.session_id,
        request_id=request_id,
        recorded_at_ms=header.recorded_at_ms,
        audio_ms=header.newest_ms,
    )

"""Pure: chunks arrive, and the phone says how many it made."""

from msgspec.structs import replace

from schemas.event import SessionEvent
from schemas.phone_events import ChunkUploaded, SessionEnded
from schemas.ranges import add, covers
from schemas.rejections import Reason, Rejected
from schemas.speech_events import ChunkRef
from streams.sessions import events, generations, windows
from streams.sessions.state import (
    Bucket,
    Decision,
    Rules,
    Session,
    bucket_key,
    buckets_of,
    chunk_key,
)
from streams.store import Store


def on_chunk(store: Store, session: Session, event: ChunkUploaded, rules: Rules) -> Decision:
    """Takes a chunk of the owner. A repeat, and a chunk beyond the limits, change nothing.

    Other bytes under a number that is taken are noted as a conflict. Raises Rejected when the
    session's text has expired.
    """
    if event.owner != session.owner:
        return session, []
    if covers(session.received, event.seq, event.seq + 1):
        return _on_taken_number(store, session, event), []
    end_ms = event.start_ms + event.duration_ms
    if event.seq >= rules.most_chunks or end_ms > rules.most_ms:
        return session, []
    if session.is_text_gone:
        raise Rejected(Reason.TEXT_EXPIRED, "a chunk after the words were removed")
    _remember(store, event)
    session = replace(
        session,
        received=add(session.received, event.seq, event.seq + 1),
        covered=add(session.covered, event.start_ms, end_ms, rules.bridge_ms),
        newest_ms=max(session.newest_ms, end_ms),
        last_arrival_ms=max(session.last_arrival_ms, event.occurred_at_ms),
    )
    if session.sealed:
        return generations.amend(store, session, event, rules)
    # A window that was cut over a gap may have this chunk in it: it is worked on again.
    session = windows.recut(session, rules, (event.start_ms, end_ms), session.total_ms)
    return _advance(store, session, event, rules)


def _on_taken_number(store: Store, session: Session, event: ChunkUploaded) -> Session:
    # The same number may come with another start, so the first digest is kept by number.
    first = store.get(chunk_key(session.session_id, event.seq), ChunkRef)
    if first is None or first.sha256 == event.sha256 or event.seq in session.conflicts:
        return session
    return replace(session, conflicts=(*session.conflicts, event.seq))


def on_ended(store: Store, session: Session, event: SessionEnded, rules: Rules) -> Decision:
    """The owner's phone made so many chunks. The first such event counts."""
    if event.owner != session.owner or session.expected is not None:
        return session, []
    session = replace(
        session,
        expected=event.chunks,
        ended_at_ms=event.occurred_at_ms,
        last_arrival_ms=event.occurred_at_ms,
    )
    if session.is_text_gone:
        return session, []
    return _advance(store, session, event, rules)


def _advance(store: Store, session: Session, event: SessionEvent, rules: Rules) -> Decision:
    if generations.is_whole(session):
        return generations.seal(store, session, event, rules)
    session = windows.cut(session, rules)
    session, ready = windows.release(session, store, rules, event.occurred_at_ms)
    return session, events.windows(ready)


def forget(store: Store, session: Session) -> None:
    """Removes the chunks from the table: no window and no clip is made of them any more."""
    for number in buckets_of(0, session.newest_ms):
        store.delete(bucket_key(session.session_id, number))
    for first, end in session.received:
        for seq in range(first, end):
            store.delete(chunk_key(session.session_id, seq))


def _remember(store: Store, event: ChunkUploaded) -> None:
    chunk = ChunkRef(
        seq=event.seq, sha256=event.sha256, start_ms=event.start_ms, duration_ms=event.duration_ms
    )
    store.put(chunk_key(event.session_id, event.seq), chunk)
    for number in buckets_of(event.start_ms, event.start_ms + event.duration_ms):
        key = bucket_key(event.session_id, number)
        bucket = store.get(key, Bucket) or Bucket()
        store.put(key, Bucket(chunks=(*bucket.chunks, chunk)))

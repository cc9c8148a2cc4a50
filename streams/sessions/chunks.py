"""Pure: chunks arrive, and the phone says how many it made."""

from dataclasses import replace as changed

from msgspec.structs import replace

from schemas.phone_events import ChunkUploaded, SessionEnded
from schemas.ranges import add, covers
from schemas.rejections import Reason, Rejected
from schemas.speech_events import ChunkRef
from streams.sessions import generations, late, windows
from streams.sessions.recorded import Bucket, Recorded, bucket_key, buckets_of, chunk_key
from streams.sessions.state import Rules, Session


def on_chunk(state: Recorded, event: ChunkUploaded) -> Recorded:
    """Takes a chunk of the owner. A repeat, and a chunk beyond the limits, change nothing.

    Other bytes under a number that is taken are noted as a conflict. Raises Rejected when the
    session's text has expired.
    """
    session = state.session
    if event.owner != session.owner:
        return state
    if covers(session.received, event.seq, event.seq + 1):
        return _on_taken_number(state, event)
    if not _is_within_limits(event, state.rules):
        return state
    if session.is_text_gone:
        raise Rejected(Reason.TEXT_EXPIRED, "a chunk after the words were removed")
    received = _received(session, event, state.rules)
    return _remembered(state, event).having(_worked_on(session, received, event, state.rules))


def _is_within_limits(event: ChunkUploaded, rules: Rules) -> bool:
    if event.seq >= rules.most_chunks:
        return False
    return 0 <= event.start_ms <= _end_ms(event) <= rules.most_ms


def _received(session: Session, event: ChunkUploaded, rules: Rules) -> Session:
    end_ms = _end_ms(event)
    return replace(
        session,
        received=add(session.received, event.seq, event.seq + 1),
        covered=add(session.covered, event.start_ms, end_ms, rules.bridge_ms),
        newest_ms=max(session.newest_ms, end_ms),
        last_arrival_ms=max(session.last_arrival_ms, event.occurred_at_ms),
    )


def _worked_on(former: Session, session: Session, event: ChunkUploaded, rules: Rules) -> Session:
    """The session with the windows, or the generation, that the chunk makes possible."""
    # A window that was cut over a gap may have this chunk in it: it is worked on again.
    session = late.noted(session, (event.start_ms, _end_ms(event)), rules)
    if not session.sealed:
        return _advanced(late.when_due(session, rules, event.occurred_at_ms), rules)
    is_last = generations.is_whole(session) and not generations.is_whole(former)
    if is_last:
        return late.taken(session, rules, event.occurred_at_ms)
    return late.when_due(session, rules, event.occurred_at_ms)


def _end_ms(event: ChunkUploaded) -> int:
    return event.start_ms + event.duration_ms


def _on_taken_number(state: Recorded, event: ChunkUploaded) -> Recorded:
    # The same number may come with another start, so the first digest is kept by number.
    session = state.session
    first = state.chunks.get(chunk_key(session.session_id, event.seq))
    is_repeat = first is None or first.sha256 == event.sha256
    if is_repeat or event.seq in session.conflicts:
        return state
    conflicts = (*session.conflicts, event.seq)
    return state.having(replace(session, conflicts=conflicts))


def on_ended(session: Session, event: SessionEnded, rules: Rules) -> Session:
    """The owner's phone made so many chunks. The first such event counts.

    A session that was silent for long is sealed already: when no audio is new, nothing is counted
    again. Late chunks wait for no other ones when all are here.
    """
    if event.owner != session.owner or session.expected is not None:
        return session
    session = replace(
        session,
        expected=event.chunks,
        ended_at_ms=event.occurred_at_ms,
        last_arrival_ms=max(session.last_arrival_ms, event.occurred_at_ms),
    )
    if not session.sealed:
        return _advanced(session, rules)
    if session.has_late and generations.is_whole(session):
        return late.taken(session, rules, event.occurred_at_ms)
    return session


def _advanced(session: Session, rules: Rules) -> Session:
    """Seals a session that has all its chunks; else queues and releases what is ready."""
    if generations.is_whole(session):
        return generations.sealed(session, rules)
    session = windows.cut(session, rules)
    return windows.release(session, rules)


def _remembered(state: Recorded, event: ChunkUploaded) -> Recorded:
    chunk = ChunkRef(
        seq=event.seq, sha256=event.sha256, start_ms=event.start_ms, duration_ms=event.duration_ms
    )
    minutes = state.minutes
    for number in buckets_of(event.start_ms, _end_ms(event)):
        key = bucket_key(event.session_id, number)
        bucket = minutes.get(key) or Bucket()
        minutes = minutes.setting(key, bucket.adding(event.seq))
    chunks = state.chunks.setting(chunk_key(event.session_id, event.seq), chunk)
    return changed(state, chunks=chunks, minutes=minutes)

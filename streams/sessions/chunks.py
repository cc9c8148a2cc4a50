"""Pure: chunks arrive, and the phone says how many it made."""

from msgspec.structs import replace

from schemas.phone_events import ChunkUploaded, SessionEnded
from schemas.rejections import Reason, Rejected
from schemas.speech_events import ChunkRef
from streams.sessions import generations, late, windows
from streams.sessions.number_sets import FEW, adding, count_of_ranges, holds
from streams.sessions.recorded import Recorded, chunk_key
from streams.sessions.state import Rules, Session


def on_chunk(state: Recorded, event: ChunkUploaded) -> Recorded:
    """Takes a chunk of the owner. A repeat, and a chunk beyond the limits, change nothing.

    Other bytes under a number that is taken are noted as a conflict. Raises Rejected when the
    session's text has expired.
    """
    session = state.session
    if event.owner != session.owner:
        return state
    if holds(session.arrived, event.seq, event.seq + 1):
        return _on_taken_number(state, event)
    if not _is_within_limits(event, state.rules):
        return state
    if session.is_text_gone:
        raise Rejected(Reason.TEXT_EXPIRED, "a chunk after the words were removed")
    received = _received(session, event)
    return _worked_on(state.having_chunk(_reference(event)).having(received), session, event)


def _is_within_limits(event: ChunkUploaded, rules: Rules) -> bool:
    if not 0 <= event.seq < rules.most_chunks:
        return False
    return 0 <= event.start_ms <= _end_ms(event) <= rules.most_ms


def _received(session: Session, event: ChunkUploaded) -> Session:
    """The session with the chunk. A row with many gaps is sent once for some of them.

    It is as large as they are many. All else that the row says is told at once.
    """
    end_ms = _end_ms(event)
    arrived = adding(session.arrived, event.seq)
    untold = session.untold + 1
    is_told = untold * FEW >= count_of_ranges(arrived)
    return replace(
        session,
        arrived=arrived,
        untold=0 if is_told else untold,
        newest_ms=max(session.newest_ms, end_ms),
        last_arrival_ms=max(session.last_arrival_ms, event.occurred_at_ms),
    )


def _worked_on(state: Recorded, former: Session, event: ChunkUploaded) -> Recorded:
    """The session with the windows, or the generation, that the chunk makes possible."""
    rules = state.rules
    # A window that was cut over a gap may have this chunk in it: it is worked on again.
    session = late.noted(state.session, (event.start_ms, _end_ms(event)), rules)
    is_last = generations.is_whole(session) and not generations.is_whole(former)
    if session.sealed and is_last:
        return state.having(late.taken(session, rules, event.occurred_at_ms))
    session = late.when_due(session, rules, event.occurred_at_ms)
    return state.having(session) if session.sealed else _advanced(state.having(session))


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


def on_ended(state: Recorded, event: SessionEnded) -> Recorded:
    """The owner's phone made so many chunks. The first such event counts.

    A session that was silent for long is sealed already: when no audio is new, nothing is counted
    again. Late chunks wait for no other ones when all are here.
    """
    session = state.session
    if event.owner != session.owner or session.expected is not None:
        return state
    session = replace(
        session,
        expected=event.chunks,
        ended_at_ms=event.occurred_at_ms,
        last_arrival_ms=max(session.last_arrival_ms, event.occurred_at_ms),
    )
    if not session.sealed:
        return _advanced(state.having(session))
    if session.has_late and generations.is_whole(session):
        session = late.taken(session, state.rules, event.occurred_at_ms)
    return state.having(session)


def _advanced(state: Recorded) -> Recorded:
    """Seals a session that has all its chunks; else queues and releases what is ready."""
    session = state.session
    if generations.is_whole(session):
        return state.having(generations.sealed(session, state.rules))
    session = windows.cut(session, state.rules, state.has_audio)
    return state.having(windows.release(session, state.rules))


def _reference(event: ChunkUploaded) -> ChunkRef:
    return ChunkRef(
        seq=event.seq, sha256=event.sha256, start_ms=event.start_ms, duration_ms=event.duration_ms
    )

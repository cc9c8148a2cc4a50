"""Pure: work, decisions, rows and progress, from what became different in a session."""

from schemas.event import Event, SessionEvent
from schemas.phone_events import ChunkUploaded
from schemas.session_events import Cause, State, Tick
from schemas.session_requests import (
    CorrectionUndoRequested,
    HintRequested,
    MergeRequested,
    RecountRequested,
    ReplayRequested,
    SplitRequested,
)
from streams.fold import Outputs
from streams.sessions import events, work
from streams.sessions.recorded import Recorded
from streams.sessions.state import Session

CAUSES: dict[type[SessionEvent], Cause] = {
    ChunkUploaded: Cause.LATE_CHUNK,
    HintRequested: Cause.HINT,
    MergeRequested: Cause.MERGE,
    SplitRequested: Cause.SPLIT,
    CorrectionUndoRequested: Cause.UNDO,
    RecountRequested: Cause.RECOUNT,
    ReplayRequested: Cause.REPLAY,
    Tick: Cause.RETRY,
}
"""The cause of a generation that is not the first one.

Any other event ended a generation that a hint waited for: the hint is the cause then.
"""
CONCLUDED = (State.READY, State.COMPLETED, State.FAILED)


def announce(before: Recorded, after: Recorded, cause: Event) -> Outputs:
    """Returns the row, the answers, and the work and decisions that follow, in that order.

    Before SessionStarted is read, there is nothing to announce. An erased session gives its row
    and its erasure.
    """
    assert isinstance(cause, SessionEvent)
    if not after.session.is_started and not before.session.is_started:
        return []
    outputs = _row_and_answers(before, after, cause)
    if after.is_closed:
        outputs += _expiry(before.session, after.session, cause)
        return outputs
    outputs += _work(before, after, cause)
    outputs += _decisions(before, after, cause)
    return outputs


def _row_and_answers(before: Recorded, after: Recorded, cause: SessionEvent) -> Outputs:
    outputs: Outputs = []
    if _has_another_row(before.session, after.session):
        outputs.append(events.listing(after.session, cause))
    if after.said != before.said:
        outputs += after.said
    if after.has_left and not before.has_left:
        outputs.append(events.settled(after.session, cause))
    return outputs


def _has_another_row(former: Session, session: Session) -> bool:
    """Whether the row is sent. It is not for a chunk alone that is told with later ones."""
    row = events.row_of(session)
    if session.untold:
        known = events.row_of(former)
        return row._replace(received=known.received, audio_ms=known.audio_ms) != known
    return row != events.row_of(former)


def _expiry(former: Session, session: Session, cause: SessionEvent) -> Outputs:
    if not session.is_text_gone:
        return []
    outputs: Outputs = []
    if not former.is_text_gone:
        outputs.append(events.expired(session, cause))
    outputs += _conclusion(former, session, cause)
    return outputs


def _work(before: Recorded, after: Recorded, cause: SessionEvent) -> Outputs:
    outputs = work.ready(before.session, after, cause.occurred_at_ms)
    outputs += work.given_up(before.session, after, cause)
    if after.identified is not None and after.identified != before.identified:
        outputs.append(work.clips(after, after.identified))
    return outputs


def _decisions(before: Recorded, after: Recorded, cause: SessionEvent) -> Outputs:
    outputs = _generation(before.session, after, cause)
    outputs += _conclusion(before.session, after.session, cause)
    outputs += _progress(before.session, after.session, cause)
    return outputs


def _generation(former: Session, after: Recorded, cause: SessionEvent) -> Outputs:
    """A new generation, after the constraints that it obeys."""
    session = after.session
    if session.generation <= former.generation:
        return []
    outputs: Outputs = []
    if session.constraints:
        outputs.append(events.constrained(session, cause))
    outputs.append(events.sealed(after, cause, _cause(former, session, cause)))
    return outputs


def _cause(former: Session, session: Session, cause: SessionEvent) -> Cause:
    if not former.sealed:
        return Cause.SEALED
    if former.has_late and not session.has_late:
        return Cause.LATE_CHUNK
    return CAUSES.get(type(cause), Cause.HINT)


def _conclusion(former: Session, session: Session, cause: SessionEvent) -> Outputs:
    if session.state not in CONCLUDED:
        return []
    if session.state == former.state and session.generation == former.generation:
        return []
    if session.failure is not None:
        return [events.failed(session, session.failure, cause)]
    return [events.concluded(session, cause)]


def _progress(former: Session, session: Session, cause: SessionEvent) -> Outputs:
    """Progress follows from work and from generations; the row tells of arrivals."""
    has_results = _results(session) != _results(former)
    has_moved_on = _place(session) != _place(former)
    if not has_results and not has_moved_on:
        return []
    outputs: Outputs = [events.progress(session, cause)]
    if has_results:
        outputs += events.eta(session, cause)
    return outputs


def _place(session: Session) -> tuple[object, ...]:
    return session.is_started, session.state, session.generation


def _results(session: Session) -> tuple[object, ...]:
    return session.transcribed, session.voiced

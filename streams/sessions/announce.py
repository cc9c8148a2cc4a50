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
"""The cause of a generation that is not the first one. Of any other event, it is a hint.

It ended the generation that the hint waited for.
"""
CONCLUDED = (State.READY, State.COMPLETED, State.FAILED)


def announce(before: Recorded, after: Recorded, cause: Event) -> Outputs:
    """Returns the row, the answers, and the work and decisions that follow. The row comes first.

    Nothing before the session's start is read. Of an erased session, its row and its erasure.
    """
    assert isinstance(cause, SessionEvent)
    session = after.session
    if not session.is_started and not before.session.is_started:
        return []
    outputs: Outputs = []
    if events.row_of(session) != events.row_of(before.session):
        outputs.append(events.listing(session, cause))
    if after.said != before.said:
        outputs += after.said
    if after.has_left and not before.has_left:
        outputs.append(events.settled(session, cause))
    if not after.is_closed:
        return [*outputs, *_work(before, after, cause), *_decisions(before, after, cause)]
    if session.is_text_gone and not before.session.is_text_gone:
        outputs.append(events.expired(session, cause))
    if session.is_text_gone:
        outputs += _conclusion(before.session, session, cause)
    return outputs


def _work(before: Recorded, after: Recorded, cause: SessionEvent) -> Outputs:
    outputs = work.ready(before.session, after, cause.occurred_at_ms)
    outputs += work.given_up(before.session, after, cause)
    if after.identified is not None and after.identified != before.identified:
        outputs.append(work.clips(after, after.identified))
    return outputs


def _decisions(before: Recorded, after: Recorded, cause: SessionEvent) -> Outputs:
    former = before.session
    session = after.session
    outputs: Outputs = []
    if session.generation > former.generation:
        if session.constraints:
            outputs.append(events.constrained(session, cause))
        outputs.append(events.sealed(session, cause, _cause(former, cause), after.rules))
    return [*outputs, *_conclusion(former, session, cause), *_progress(former, session, cause)]


def _cause(former: Session, cause: SessionEvent) -> Cause:
    return CAUSES.get(type(cause), Cause.HINT) if former.sealed else Cause.SEALED


def _conclusion(former: Session, session: Session, cause: SessionEvent) -> Outputs:
    is_same = (session.state, session.generation) == (former.state, former.generation)
    if is_same or session.state not in CONCLUDED:
        return []
    if session.failure is not None:
        return [events.failed(session, session.failure, cause)]
    return [events.concluded(session, cause)]


def _progress(former: Session, session: Session, cause: SessionEvent) -> Outputs:
    """Progress follows from work and from generations; arrivals alone are told by the row."""
    has_results = _results(session) != _results(former)
    if not has_results and _place(session) == _place(former):
        return []
    rows = [events.progress(session, cause)]
    return rows + events.eta(session, cause) if has_results else rows


def _place(session: Session) -> tuple[object, ...]:
    return session.is_started, session.state, session.generation


def _results(session: Session) -> tuple[object, ...]:
    return session.transcribed, session.voiced

"""Events of the sessions fold, built from the session and from the event that caused them."""

from typing import NamedTuple

from schemas import topics
from schemas.event import Event, SessionEvent
from schemas.fact_sheet import Topic
from schemas.ids import SessionId, UserId
from schemas.ranges import size
from schemas.session_events import (
    Cause,
    ConstrainedSessionSealed,
    ErasureSettled,
    Failure,
    SessionCompleted,
    SessionErased,
    SessionFailed,
    SessionReady,
    SessionSealed,
    SpeakersConstrained,
    State,
    TextExpired,
)
from schemas.session_rows import SessionEta, SessionListing, SessionProgress
from streams.fold import Outputs
from streams.sessions import voices_of_others
from streams.sessions.number_sets import Packed
from streams.sessions.pace import eta_ms
from streams.sessions.recorded import Recorded
from streams.sessions.state import Session

Sent = tuple[Topic, Event]


class Row(NamedTuple):
    """The fields of the session's row in the directory."""

    session_id: SessionId
    owner: UserId
    group_id: str | None
    state: State
    generation: int
    recorded_at_ms: int
    clock_corrected: bool
    time_zone: str
    audio_ms: int
    received: Packed
    conflicts: tuple[int, ...]
    expected: int | None
    failure: Failure | None


def row_of(session: Session) -> Row:
    """Returns the session's row as it is now. The row is sent again when it differs."""
    return Row(
        session_id=session.session_id,
        owner=session.owner,
        group_id=session.group_id,
        state=session.state,
        generation=session.generation,
        recorded_at_ms=session.recorded_at_ms,
        clock_corrected=session.clock_corrected,
        time_zone=session.time_zone,
        audio_ms=session.newest_ms,
        received=session.arrived,
        conflicts=session.conflicts,
        expected=session.expected,
        failure=session.failure,
    )


def listing(session: Session, event: SessionEvent) -> Sent:
    """The row that every gateway knows the session by."""
    fields = row_of(session)._asdict() | {"received": session.received}
    row = SessionListing(caused_by=event.event_id, occurred_at_ms=event.occurred_at_ms, **fields)
    return topics.DIRECTORY, row


def progress(session: Session, event: SessionEvent) -> Sent:
    """How many windows there are, and how many each stage has done."""
    row = SessionProgress(
        caused_by=event.event_id,
        occurred_at_ms=event.occurred_at_ms,
        session_id=session.session_id,
        state=session.state,
        windows=len(session.revisions),
        transcribed=size(session.transcribed),
        voiced=size(session.voiced),
        counted=size(session.counted_now),
        audio_ms=session.newest_ms,
    )
    return topics.PROVISIONAL, row


def eta(session: Session, event: SessionEvent) -> Outputs:
    """How long the windows that are left will take; nothing while that is unknown."""
    left_ms = eta_ms(session)
    if left_ms is None:
        return []
    row = SessionEta(
        caused_by=event.event_id,
        occurred_at_ms=event.occurred_at_ms,
        session_id=session.session_id,
        eta_ms=left_ms,
    )
    return [(topics.PROVISIONAL, row)]


def failed(session: Session, failure: Failure, event: SessionEvent) -> Sent:
    """The generation is over without counts."""
    found = SessionFailed(
        caused_by=event.event_id,
        occurred_at_ms=event.occurred_at_ms,
        session_id=session.session_id,
        generation=session.generation,
        failure=failure,
        fault=session.fault,
    )
    return topics.DECIDED, found


def sealed(state: Recorded, event: SessionEvent, cause: Cause) -> Sent:
    """A generation is open: its timeline, windows and revisions."""
    session = state.session
    kind = ConstrainedSessionSealed if session.constraints else SessionSealed
    found = kind(
        occurred_at_ms=event.occurred_at_ms,
        session_id=session.session_id,
        owner=session.owner,
        group_id=session.group_id,
        generation=session.generation,
        cause=cause,
        windows=session.revisions,
        window_ms=state.rules.window_ms,
        total_ms=session.total_ms,
        gaps=state.gaps(0, session.total_ms),
        hint=voices_of_others.people_said(session),
        lexicon=session.lexicon,
        time_zone=session.time_zone,
        recorded_at_ms=session.recorded_at_ms,
    )
    return topics.DECIDED, found


def concluded(session: Session, event: SessionEvent) -> Sent:
    """The generation is complete: ready for claims, or completed."""
    kind = SessionReady if session.state is State.READY else SessionCompleted
    found = kind(
        caused_by=event.event_id,
        occurred_at_ms=event.occurred_at_ms,
        session_id=session.session_id,
        generation=session.generation,
        speakers=session.speakers,
    )
    return topics.DECIDED, found


def constrained(session: Session, event: SessionEvent) -> Sent:
    """Facts from people that the clustering of this generation obeys."""
    found = SpeakersConstrained(
        occurred_at_ms=event.occurred_at_ms,
        session_id=session.session_id,
        generation=session.generation,
        constraints=session.constraints,
    )
    return topics.DECIDED, found


def expired(session: Session, event: SessionEvent) -> Sent:
    """Every store has to remove the text."""
    found = TextExpired(
        occurred_at_ms=event.occurred_at_ms,
        session_id=session.session_id,
    )
    return topics.DECIDED, found


def settled(session: Session, event: SessionEvent) -> Sent:
    """Nothing of the erased session can come any more."""
    found = ErasureSettled(
        occurred_at_ms=event.occurred_at_ms,
        session_id=session.session_id,
    )
    return topics.DECIDED, found


def erased(session: Session, event: SessionEvent, request_id: str) -> Sent:
    """Every store has to remove the session. `request_id` is empty when nobody asked again."""
    found = SessionErased(
        caused_by=event.event_id,
        occurred_at_ms=event.occurred_at_ms,
        session_id=session.session_id,
        request_id=request_id,
        recorded_at_ms=session.recorded_at_ms,
        audio_ms=session.newest_ms,
    )
    return topics.DECIDED, found

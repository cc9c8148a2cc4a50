"""Fixing the timeline, opening generations, and concluding them."""

from msgspec.structs import replace

from schemas import topics
from schemas.event import SessionEvent
from schemas.phone_events import ChunkUploaded
from schemas.ranges import covers
from schemas.session_events import Cause, SessionCompleted, SessionReady, SessionSealed, State
from streams.fold import Outputs
from streams.sessions import events, windows
from streams.sessions.state import Rules, Session
from streams.store import Store


def is_whole(session: Session) -> bool:
    """The phone said how many chunks it made, and all are here: nothing waits."""
    return session.expected is not None and covers(session.received, 0, session.expected)


def seal(
    store: Store, session: Session, event: SessionEvent, rules: Rules
) -> tuple[Session, Outputs]:
    """The first generation: the timeline ends with the newest chunk, and every window that is left is cut."""
    session = replace(session, total_ms=session.newest_ms)
    session, outputs = reopen(session, event, Cause.SEALED, rules)
    session, ready = windows.release(session, store, rules, event.occurred_at_ms)
    return session, [*events.windows(ready), *outputs]


def amend(
    store: Store, session: Session, event: ChunkUploaded, rules: Rules
) -> tuple[Session, Outputs]:
    """A chunk after the end: its windows get new revisions, the session a new generation."""
    former_ms = session.total_ms
    session = replace(session, total_ms=session.newest_ms)
    session = windows.recut(
        session, rules, (event.start_ms, event.start_ms + event.duration_ms), former_ms
    )
    session, outputs = reopen(session, event, Cause.LATE_CHUNK, rules)
    session, ready = windows.release(session, store, rules, event.occurred_at_ms)
    return session, [*events.windows(ready), *outputs]


def expire(session: Session, event: SessionEvent) -> tuple[Session, Outputs]:
    """The owner's days are over: the text goes, the counts stand."""
    return replace(session, is_text_gone=True), [events.expired(session, event)]


def reopen(
    session: Session, event: SessionEvent, cause: Cause, rules: Rules
) -> tuple[Session, Outputs]:
    """Opens the next generation."""
    session = replace(
        session,
        generation=session.generation + 1,
        lexicon=session.lexicon or rules.lexicon,
        state=State.PROCESSING,
        counted=(),
        speakers=(),
    )
    session = windows.cut_all(session, rules)
    outputs: Outputs = [
        (topics.DECIDED, _sealed(session, event, cause, rules)),
        events.listing(session, event),
    ]
    if session.constraints:
        outputs.insert(0, events.constrained(session, event))
    if not session.revisions:
        session, concluded = conclude(session, event)
        outputs += concluded
    return session, [*outputs, events.progress(session, event)]


def conclude(session: Session, event: SessionEvent) -> tuple[Session, Outputs]:
    """When every window of the generation is counted: ready for claims, or completed when nobody spoke."""
    if session.state is not State.PROCESSING or not covers(
        session.counted, 0, len(session.revisions)
    ):
        return session, []
    session = replace(session, state=state_of(session))
    return session, [*announced(session, event), events.progress(session, event)]


def state_of(session: Session) -> State:
    """Of a complete generation: completed when nobody is left to be claimed."""
    return State.READY if set(session.speakers) - set(session.claimed) else State.COMPLETED


def announced(session: Session, event: SessionEvent) -> Outputs:
    """The state of a complete generation, for everybody."""
    kind = SessionReady if session.state is State.READY else SessionCompleted
    return [events.concluded(session, event, kind), events.listing(session, event)]


def _sealed(session: Session, event: SessionEvent, cause: Cause, rules: Rules) -> SessionSealed:
    return SessionSealed(
        occurred_at_ms=event.occurred_at_ms,
        session_id=session.session_id,
        owner=session.owner,
        group_id=session.group_id,
        generation=session.generation,
        cause=cause,
        windows=session.revisions,
        window_ms=rules.window_ms,
        total_ms=session.total_ms,
        gaps=windows.gaps(session),
        hint=session.hint,
        lexicon=session.lexicon,
        time_zone=session.time_zone,
        recorded_at_ms=session.recorded_at_ms,
    )

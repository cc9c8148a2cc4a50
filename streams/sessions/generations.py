"""Pure: fixes the timeline, opens generations, and concludes them."""

from msgspec.structs import replace

from schemas.event import SessionEvent
from schemas.phone_events import ChunkUploaded
from schemas.ranges import covers
from schemas.session_events import Cause, State
from streams.fold import Outputs
from streams.sessions import events, windows
from streams.sessions.state import Decision, Rules, Session
from streams.store import Store


def is_whole(session: Session) -> bool:
    """Returns whether every chunk that the phone made is here."""
    return session.expected is not None and covers(session.received, 0, session.expected)


def seal(store: Store, session: Session, event: SessionEvent, rules: Rules) -> Decision:
    """Opens the first generation: the timeline ends with the newest chunk."""
    session = replace(session, total_ms=session.newest_ms)
    session, opened = reopen(session, event, Cause.SEALED, rules)
    session, ready = windows.release(session, store, rules, event.occurred_at_ms)
    return session, [*events.windows(ready), *opened]


def amend(store: Store, session: Session, event: ChunkUploaded, rules: Rules) -> Decision:
    """Opens a generation for a late chunk. Windows whose audio changed get new revisions."""
    former_ms = session.total_ms
    late = (event.start_ms, event.start_ms + event.duration_ms)
    session = windows.recut(replace(session, total_ms=session.newest_ms), rules, late, former_ms)
    session, opened = reopen(session, event, Cause.LATE_CHUNK, rules)
    session, ready = windows.release(session, store, rules, event.occurred_at_ms)
    return session, [*events.windows(ready), *opened]


def expire(session: Session, event: SessionEvent) -> Decision:
    """Expires the text after the days that the owner chose. The counts stay.

    No generation follows, so that the session shrinks to its row, its speakers and its answers.
    """
    shrunk = Session(
        session_id=session.session_id,
        owner=session.owner,
        group_id=session.group_id,
        time_zone=session.time_zone,
        recorded_at_ms=session.recorded_at_ms,
        hint=session.hint,
        is_text_gone=True,
        lexicon=session.lexicon,
        state=session.state,
        received=session.received,
        conflicts=session.conflicts,
        newest_ms=session.newest_ms,
        last_arrival_ms=session.last_arrival_ms,
        expected=session.expected,
        generation=session.generation,
        answers=session.answers,
        speakers=session.speakers,
        claimed=session.claimed,
    )
    return shrunk, [events.expired(session, event)]


def reopen(session: Session, event: SessionEvent, cause: Cause, rules: Rules) -> Decision:
    """Opens the next generation. One without windows is complete at once."""
    session = replace(
        session,
        generation=session.generation + 1,
        lexicon=session.lexicon or rules.lexicon,
        state=State.PROCESSING,
        speakers=(),
    )
    session = windows.cut_all(session, rules)
    outputs: Outputs = []
    if session.constraints:
        outputs.append(events.constrained(session, event))
    outputs.append(events.sealed(session, event, cause, rules))
    if not session.revisions:
        session, concluded = conclude(session, event)
        outputs += concluded
    return session, [*outputs, events.progress(session, event)]


def conclude(session: Session, event: SessionEvent) -> Decision:
    """Completes the generation when its speakers are known and every window is counted.

    Else changes nothing. One without windows has nobody to identify.
    """
    if session.state is not State.PROCESSING or not _is_complete(session):
        return session, []
    session = replace(session, state=state_of(session))
    return session, [events.concluded(session, event), events.progress(session, event)]


def _is_complete(session: Session) -> bool:
    if not session.revisions:
        return True
    is_identified = session.identified_of == session.generation
    return is_identified and covers(session.counted_now, 0, len(session.revisions))


def state_of(session: Session) -> State:
    """Returns the state of a complete generation: COMPLETED when every speaker is claimed."""
    return State.READY if set(session.speakers) - set(session.claimed) else State.COMPLETED

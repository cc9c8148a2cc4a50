"""Pure: fixes the timeline, opens generations, and concludes them."""

from msgspec.structs import replace

from schemas.session_events import State
from streams.sessions import windows
from streams.sessions.number_sets import holds
from streams.sessions.state import Rules, Session


def is_whole(session: Session) -> bool:
    """Returns whether every chunk that the phone made is here."""
    return session.expected is not None and holds(session.arrived, 0, session.expected)


def sealed(session: Session, rules: Rules) -> Session:
    """Opens the first generation: the timeline ends with the newest chunk."""
    session = replace(session, total_ms=session.newest_ms)
    session = windows.recut(session, rules, session.total_ms)
    return windows.release(reopened(session, rules), rules)


def amended(session: Session, rules: Rules) -> Session:
    """Opens a generation for late chunks. Windows whose audio changed get new revisions."""
    former_ms = session.total_ms
    session = replace(session, total_ms=session.newest_ms)
    session = windows.recut(session, rules, former_ms)
    return windows.release(reopened(session, rules), rules)


def expired(session: Session) -> Session:
    """Expires the text after the days that the owner chose. The counts stay.

    No generation follows, so that the session shrinks to its row, its speakers and its answers.
    """
    return Session(
        session_id=session.session_id,
        owner=session.owner,
        group_id=session.group_id,
        time_zone=session.time_zone,
        recorded_at_ms=session.recorded_at_ms,
        clock_corrected=session.clock_corrected,
        started_ms=session.started_ms,
        hint=session.hint,
        is_text_gone=True,
        lexicon=session.lexicon,
        state=session.state,
        arrived=session.arrived,
        conflicts=session.conflicts,
        newest_ms=session.newest_ms,
        last_arrival_ms=session.last_arrival_ms,
        expected=session.expected,
        generation=session.generation,
        failure=session.failure,
        answers=session.answers,
        speakers=session.speakers,
        claimed=session.claimed,
        claims_version=session.claims_version,
        told=session.told,
    )


def reopened(session: Session, rules: Rules) -> Session:
    """Opens the next generation for somebody: what was lost before is asked for anew."""
    session = replace(session, tries=0, fault=None, suspects=(), given_up=())
    return opened(session, rules)


def opened(session: Session, rules: Rules) -> Session:
    """Opens the next generation."""
    session = replace(
        session,
        generation=session.next_generation,
        lexicon=session.lexicon or rules.lexicon,
        state=State.PROCESSING,
        failure=None,
        waiting=0,
        speakers=(),
    )
    return windows.cut_all(session, rules)


def concluded(session: Session) -> Session:
    """Completes the generation when its speakers, every window's counts and its totals are known.

    Else changes nothing. One without windows has nobody to identify. While late chunks wait, the
    next generation is on its way.
    """
    if session.state is not State.PROCESSING or session.totalled_of < session.generation:
        return session
    if session.has_late:
        return session
    if not session.is_identified or session.uncounted:
        return session
    return replace(session, state=state_of(session))


def state_of(session: Session) -> State:
    """Returns the state of a complete generation: COMPLETED when every speaker is claimed."""
    unclaimed = set(session.speakers) - set(session.claimed)
    return State.READY if unclaimed else State.COMPLETED

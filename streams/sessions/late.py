"""Pure: late chunks. The first is worked on at once, those that follow it together, in a while.

A phone may send audio in crumbs, or go on after it was silent for so long that its session was
sealed. Work for each chunk would be as much as a phone likes (ADR 0047). All of this follows from
the order of one topic alone, so revisions and generations are the same in every order of the
others.
"""

from msgspec.structs import replace

from schemas.ranges import Range, union
from schemas.session_events import State
from streams.sessions import generations, windows
from streams.sessions.state import Rules, Session

SHARE = 10
"""Late chunks wait for a tenth of the length of their session: a generation counts all of it.

So the work for a long talk is no more, in an hour, than that for a short one.
"""


def wait_ms(session: Session, rules: Rules) -> int:
    """Returns how long late chunks wait after those before: as long as a gap is waited for.

    Longer in a long session, but not longer than silence is waited for.
    """
    return min(max(rules.gap_wait_ms, session.newest_ms // SHARE), rules.idle_ms)


def noted(session: Session, span: Range, rules: Rules) -> Session:
    """Returns the session with a chunk of that span, which waits if it is late.

    It is when the session is sealed, or when a window with some of its audio is cut. A sealed
    session is not final while chunks of it wait.
    """
    touched = windows.touched(session, rules, span)
    if not touched and not session.sealed:
        return session
    session = replace(session, late=union([*(session.late or ()), *touched]))
    if not session.sealed:
        return session
    return replace(session, state=State.PROCESSING, failure=None)


def when_due(session: Session, rules: Rules, now_ms: int) -> Session:
    """Takes the late chunks if they have waited long enough."""
    if not session.has_late or now_ms < session.late_until_ms:
        return session
    return taken(session, rules, now_ms)


def taken(session: Session, rules: Rules, now_ms: int) -> Session:
    """Works on all windows of late chunks again, in a new generation of a sealed session."""
    until_ms = now_ms + wait_ms(session, rules)
    session = replace(session, late_until_ms=until_ms)
    if session.sealed:
        return generations.amended(session, rules)
    return windows.release(windows.recut(session, rules, session.total_ms), rules)

"""Pure: how long the windows that are left will take, from how long the latest took."""

from msgspec.structs import replace

from schemas.ranges import size
from schemas.speech_events import WindowResult, WindowTranscribed
from streams.sessions.state import Pace, Session

KEPT = 3
"""Parts of the pace so far to one of the newest window."""


def noted(session: Session, event: WindowResult) -> Session:
    """With the pace of the stage that did a window.

    Several workers end windows faster than one takes for one; while workers idle, ends lie further apart than a window takes:
    the shorter of the two is what a window costs.
    """
    if event.failed:
        return session
    heard = isinstance(event, WindowTranscribed)
    pace = session.hearing if heard else session.voicing
    since = max(0, event.occurred_at_ms - pace.last_ms) if pace.last_ms else event.work_ms
    spent = min(event.work_ms, since)
    pace = Pace(
        window_ms=(KEPT * pace.window_ms + spent) // (KEPT + 1) if pace.last_ms else spent,
        last_ms=event.occurred_at_ms,
    )
    return replace(session, hearing=pace) if heard else replace(session, voicing=pace)


def eta_ms(session: Session) -> int | None:
    """Milliseconds until the slower stage is through; None while nobody knows how many windows there will be."""
    if not session.sealed:
        return None
    left = len(session.revisions)
    return max(
        (left - size(session.transcribed)) * session.hearing.window_ms,
        (left - size(session.voiced)) * session.voicing.window_ms,
    )

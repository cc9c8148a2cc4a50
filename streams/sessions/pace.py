"""Pure: how long the windows that are left will take, by how long the latest took."""

from msgspec.structs import replace

from schemas.ranges import size
from schemas.speech_events import WindowResult, WindowTranscribed
from streams.sessions.state import Pace, Session

FORMER_SHARE = 3
"""Weight of the pace before against one for the newest window: a running mean of four windows."""


def noted(session: Session, event: WindowResult) -> Session:
    """Returns the session with the pace of the stage that ended a window. Failures are left out."""
    if event.failed:
        return session
    if isinstance(event, WindowTranscribed):
        return replace(session, transcribe_pace=_paced(session.transcribe_pace, event))
    return replace(session, diarize_pace=_paced(session.diarize_pace, event))


def _paced(pace: Pace, event: WindowResult) -> Pace:
    # Several workers end windows faster than one of them takes for a window. While workers wait for
    # the phone, ends lie further apart than that. The shorter of the two is the cost of a window.
    if not pace.last_ms:
        return Pace(window_ms=event.work_ms, last_ms=event.occurred_at_ms)
    since_last_ms = event.occurred_at_ms - pace.last_ms
    if since_last_ms <= 0:
        return pace  # a repeat, or a result that an earlier one overtook
    spent_ms = min(event.work_ms, since_last_ms)
    mean_ms = (FORMER_SHARE * pace.window_ms + spent_ms) // (FORMER_SHARE + 1)
    return Pace(window_ms=mean_ms, last_ms=event.occurred_at_ms)


def eta_ms(session: Session) -> int | None:
    """Returns the milliseconds until the slower stage is through.

    None before the session is sealed: nobody knows how many windows there will be.
    """
    if not session.sealed:
        return None
    windows = len(session.revisions)
    transcribe_ms = (windows - size(session.transcribed)) * session.transcribe_pace.window_ms
    diarize_ms = (windows - size(session.voiced)) * session.diarize_pace.window_ms
    return max(transcribe_ms, diarize_ms)

"""When time alone changes a session."""

from schemas.session_events import FINAL, State
from streams.sessions.state import Header, Rules

DAY_MS = 24 * 3600 * 1000


def due_at(header: Header, rules: Rules) -> int | None:
    """When a Tick would do something, Unix milliseconds; None when only another event can.

    An open session is sealed when the grace after its end is over, or when it has gone silent. The words of one that is
    over go when its owner's days are over, counted from the last that came of it.
    """
    if not header.sealed:
        if header.state is State.ERASED:
            return None
        return (
            header.last_arrival_ms + rules.idle_ms
            if header.ended_at_ms is None
            else header.ended_at_ms + rules.grace_ms
        )
    if header.is_text_gone or header.state is State.ERASED or header.state not in FINAL:
        return None
    return header.last_arrival_ms + header.keep_transcript_days * DAY_MS

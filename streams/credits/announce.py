"""Pure: totals, credits, answers and notices, from what became different in a session."""

from schemas import topics
from schemas.event import Event, SessionEvent
from streams.credits.credits import credits_of
from streams.credits.state import Credits
from streams.credits.totals import session_counted
from streams.fold import Outputs


def announce(before: Credits, after: Credits, cause: Event) -> Outputs:
    """Returns the answer and its credits, or the totals of a generation, credits and notices.

    Nobody is credited by an erasure: the rows go with the session.
    """
    assert isinstance(cause, SessionEvent)
    decided = _decided(before, after)
    if after.known.totals is None:
        return decided
    credited: Outputs = [(topics.CREDITED, event) for event in credits_of(before, after, cause)]
    totals = session_counted(before.known, after.known, cause)
    if totals is None:
        return [*decided, *credited]
    return [(topics.CREDITED, totals), *credited, *decided]


def _decided(before: Credits, after: Credits) -> Outputs:
    """Returns the answer and the notices of this event; nothing for equal states."""
    if after.decided == before.decided:
        return []
    return [(topics.CLAIMS_DECIDED, event) for event in after.decided]

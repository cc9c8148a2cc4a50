"""Pure: the answers to requests about a session, and the corrections that they make."""

from schemas import topics
from schemas.session_events import RequestAccepted, RequestRejected, VoicesCorrected
from schemas.session_requests import (
    CorrectionUndoRequested,
    EraseRequested,
    HintRequested,
    MergeRequested,
    RecountRequested,
    ReplayRequested,
    SplitRequested,
)
from streams.answers import Answer
from streams.sessions.events import Sent
from streams.sessions.state import Session

SessionRequest = (
    HintRequested
    | MergeRequested
    | SplitRequested
    | CorrectionUndoRequested
    | RecountRequested
    | ReplayRequested
)


def answered(event: SessionRequest, answer: Answer) -> Sent:
    """A request took effect, at once or in the next generation, or it was rejected."""
    if answer.reason is not None:
        return rejected(event, answer.reason)
    found = RequestAccepted(
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        request_id=event.request_id,
        generation=answer.number,
    )
    return topics.DECIDED, found


def corrected(before: Session, after: Session, event: SessionRequest) -> list[Sent]:
    """The correction that an accepted request made, or took back."""
    if isinstance(event, RecountRequested | ReplayRequested):
        return []
    changed = [one for one in after.corrections if one.number > before.corrections_made]
    if isinstance(event, CorrectionUndoRequested):
        changed = [one for one in before.corrections if one.number == event.correction]
    found = [
        VoicesCorrected(
            occurred_at_ms=event.occurred_at_ms,
            session_id=event.session_id,
            correction=one.number,
            is_undone=isinstance(event, CorrectionUndoRequested),
            by=event.by,
            constraint=one.constraint,
            speakers=one.speakers,
        )
        for one in changed
    ]
    return [(topics.DECIDED, one) for one in found]


def rejected(event: SessionRequest | EraseRequested, reason: str) -> Sent:
    """A request took no effect."""
    found = RequestRejected(
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        request_id=event.request_id,
        reason=reason,
    )
    return topics.DECIDED, found

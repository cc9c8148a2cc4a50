"""Pure: an event that a fold gave up, told to who waits for what follows: nothing will."""

from schemas import topics
from schemas.claim_events import Requested
from schemas.event import Event
from schemas.people_events import GroupChangeRequested, UserRequest
from schemas.rejections import Reason
from schemas.session_events import SessionSealed, SpeakersConstrained, WorkFailed
from schemas.session_requests import EraseRequested
from schemas.speech_events import SpeakersIdentified
from schemas.stage_kinds import Fold
from schemas.word_events import SliceAttributed, WordsAttributed, WordsCounted
from streams.answers import Answer
from streams.credits import events as credits_events
from streams.fold import Outputs
from streams.groups import announce as groups
from streams.sessions import request_answers
from streams.sessions.request_answers import SessionRequest
from streams.users import announce as users

OfWindow = WordsAttributed | WordsCounted
OfGeneration = SpeakersConstrained | SessionSealed | SpeakersIdentified | SliceAttributed | OfWindow


def told(fold: Fold, event: Event | None, reason: Reason) -> Outputs:
    """Returns what the session is told, or who asked; nothing for events that nobody waits for."""
    return [*_faults(fold, event, reason), *_answers(event, reason)]


def _faults(fold: Fold, event: Event | None, reason: Reason) -> Outputs:
    """The session's generation waits."""
    if topics.FAULTS not in fold.writes or not isinstance(event, OfGeneration):
        return []
    fault = WorkFailed(
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        generation=event.generation,
        stage=fold.name,
        reason=reason,
        window=event.window if isinstance(event, OfWindow) else None,
    )
    return [(topics.FAULTS, fault)]


def _answers(event: Event | None, reason: Reason) -> Outputs:
    """A person waits. They may ask once more, and an operator may send the letter back."""
    if isinstance(event, SessionRequest | EraseRequested):
        return [request_answers.rejected(event, reason)]
    if isinstance(event, Requested):
        return [(topics.CLAIMS_DECIDED, credits_events.rejected(event, reason))]
    refused = Answer("", reason=reason)
    if isinstance(event, GroupChangeRequested):
        return [(topics.GROUPS_DECIDED, groups.decided(event, refused))]
    if isinstance(event, UserRequest):
        return [(topics.USERS_DECIDED, users.decided(event, refused))]
    return []

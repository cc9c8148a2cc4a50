"""Events that the fold sends, built from the session and from the event that caused them."""

from collections.abc import Sequence

from schemas import topics
from schemas.event import Event, SessionEvent
from schemas.ranges import size
from schemas.session_events import (
    RequestAccepted,
    RequestRejected,
    SessionCompleted,
    SessionEta,
    SessionListing,
    SessionProgress,
    SessionReady,
    SpeakersConstrained,
    TextExpired,
)
from schemas.session_requests import (
    EraseRequested,
    HintRequested,
    MergeRequested,
    RecountRequested,
    ReplayRequested,
    SplitRequested,
)
from schemas.speech_events import ClipOrder, ClipsWanted, WindowReady
from schemas.topics import Topic
from streams.fold import Outputs
from streams.sessions.pace import eta_ms
from streams.sessions.state import Session

Sent = tuple[Topic, Event]
SessionRequest = (
    HintRequested | MergeRequested | SplitRequested | RecountRequested | ReplayRequested
)


def listing(session: Session, event: SessionEvent) -> Sent:
    """The directory's row."""
    row = SessionListing(
        caused_by=event.event_id,
        occurred_at_ms=event.occurred_at_ms,
        session_id=session.session_id,
        owner=session.owner,
        group_id=session.group_id,
        state=session.state,
        generation=session.generation,
        recorded_at_ms=session.recorded_at_ms,
        time_zone=session.time_zone,
        audio_ms=session.newest_ms,
        received=session.received,
        conflicts=session.conflicts,
        expected=session.expected,
    )
    return topics.DIRECTORY, row


def progress(session: Session, event: SessionEvent) -> Sent:
    """How far the windows are."""
    row = SessionProgress(
        caused_by=event.event_id,
        occurred_at_ms=event.occurred_at_ms,
        session_id=session.session_id,
        state=session.state,
        windows=len(session.revisions),
        transcribed=size(session.transcribed),
        voiced=size(session.voiced),
        counted=size(session.counted),
        audio_ms=session.newest_ms,
    )
    return topics.PROVISIONAL, row


def eta(session: Session, event: SessionEvent) -> Outputs:
    """How long the windows that are left will take, when that can be said."""
    left_ms = eta_ms(session)
    if left_ms is None:
        return []
    found = SessionEta(
        caused_by=event.event_id,
        occurred_at_ms=event.occurred_at_ms,
        session_id=session.session_id,
        eta_ms=left_ms,
    )
    return [(topics.PROVISIONAL, found)]


def windows(ready: Sequence[WindowReady]) -> Outputs:
    """Work for the model stages."""
    return [(topics.WINDOW_READY, window) for window in ready]


def clips(session: Session, event: SessionEvent, orders: tuple[ClipOrder, ...]) -> Sent:
    """Clips to cut."""
    found = ClipsWanted(
        occurred_at_ms=event.occurred_at_ms,
        session_id=session.session_id,
        generation=session.generation,
        clips=orders,
    )
    return topics.CLIPS_WANTED, found


def concluded(
    session: Session, event: SessionEvent, kind: type[SessionReady] | type[SessionCompleted]
) -> Sent:
    """The generation is complete."""
    found = kind(
        caused_by=event.event_id,
        occurred_at_ms=event.occurred_at_ms,
        session_id=session.session_id,
        generation=session.generation,
        speakers=session.speakers,
    )
    return topics.DECIDED, found


def constrained(session: Session, event: SessionEvent) -> Sent:
    """What people know about the voices, for the generation that is being sealed."""
    found = SpeakersConstrained(
        occurred_at_ms=event.occurred_at_ms,
        session_id=session.session_id,
        generation=session.generation,
        constraints=session.constraints,
    )
    return topics.DECIDED, found


def expired(session: Session, event: SessionEvent) -> Sent:
    """The text is to be removed."""
    found = TextExpired(
        occurred_at_ms=event.occurred_at_ms,
        session_id=session.session_id,
    )
    return topics.DECIDED, found


def accepted(session: Session, event: SessionRequest) -> RequestAccepted:
    """A request took effect, at once or in the next generation."""
    return RequestAccepted(
        occurred_at_ms=event.occurred_at_ms,
        session_id=session.session_id,
        request_id=event.request_id,
        generation=session.generation + 1,
    )


def rejected(event: SessionRequest | EraseRequested, reason: str) -> Sent:
    """A request was refused."""
    found = RequestRejected(
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        request_id=event.request_id,
        reason=reason,
    )
    return topics.DECIDED, found

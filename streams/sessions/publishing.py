"""Events that the fold sends, built from the header and from the event that caused them."""

from collections.abc import Sequence

from schemas import topics
from schemas.event import Event, SessionEvent
from schemas.ids import event_id
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
from schemas.speech_events import ClipOrder, ClipsWanted, WindowReady
from schemas.topics import Topic
from streams.decision import Outputs
from streams.sessions.pacing import eta_ms
from streams.sessions.state import Header

Sent = tuple[Topic, Event]


def listing(header: Header, event: SessionEvent) -> Sent:
    """The directory's row."""
    row = SessionListing(
        event_id=event_id("SessionListing", event.event_id),
        occurred_at_ms=event.occurred_at_ms,
        session_id=header.session_id,
        owner=header.owner,
        group_id=header.group_id,
        state=header.state,
        generation=header.generation,
        recorded_at_ms=header.recorded_at_ms,
        time_zone=header.time_zone,
        audio_ms=header.newest_ms,
        received=header.received,
        conflicts=header.conflicts,
        expected=header.expected,
    )
    return topics.DIRECTORY, row


def progress(header: Header, event: SessionEvent) -> Sent:
    """How far the windows are."""
    row = SessionProgress(
        event_id=event_id("SessionProgress", event.event_id),
        occurred_at_ms=event.occurred_at_ms,
        session_id=header.session_id,
        state=header.state,
        windows=len(header.revisions),
        transcribed=size(header.transcribed),
        voiced=size(header.voiced),
        counted=size(header.counted),
        audio_ms=header.newest_ms,
    )
    return topics.PROVISIONAL, row


def eta(header: Header, event: SessionEvent) -> Outputs:
    """How long the windows that are left will take, when that can be said."""
    left_ms = eta_ms(header)
    if left_ms is None:
        return []
    found = SessionEta(
        event_id=event_id("SessionEta", event.event_id),
        occurred_at_ms=event.occurred_at_ms,
        session_id=header.session_id,
        eta_ms=left_ms,
    )
    return [(topics.PROVISIONAL, found)]


def windows(ready: Sequence[WindowReady]) -> Outputs:
    """Work for the model stages."""
    return [(topics.WINDOW_READY, window) for window in ready]


def clips(header: Header, event: SessionEvent, orders: tuple[ClipOrder, ...]) -> Sent:
    """Clips to cut."""
    found = ClipsWanted(
        event_id=event_id("ClipsWanted", header.session_id, header.generation),
        occurred_at_ms=event.occurred_at_ms,
        session_id=header.session_id,
        generation=header.generation,
        clips=orders,
    )
    return topics.CLIPS_WANTED, found


def concluded(
    header: Header, event: SessionEvent, kind: type[SessionReady] | type[SessionCompleted]
) -> Sent:
    """The generation is complete."""
    found = kind(
        event_id=event_id(kind.__name__, event.event_id),
        occurred_at_ms=event.occurred_at_ms,
        session_id=header.session_id,
        generation=header.generation,
        speakers=header.speakers,
    )
    return topics.DECIDED, found


def constrained(header: Header, event: SessionEvent) -> Sent:
    """What people know about the voices, for the generation that is being sealed."""
    found = SpeakersConstrained(
        event_id=event_id("SpeakersConstrained", header.session_id, header.generation),
        occurred_at_ms=event.occurred_at_ms,
        session_id=header.session_id,
        generation=header.generation,
        constraints=header.constraints,
    )
    return topics.DECIDED, found


def expired(header: Header, event: SessionEvent) -> Sent:
    """The text is to be removed."""
    found = TextExpired(
        event_id=event_id("TextExpired", header.session_id),
        occurred_at_ms=event.occurred_at_ms,
        session_id=header.session_id,
    )
    return topics.DECIDED, found


def accepted(header: Header, event: SessionEvent, request_id: str) -> Sent:
    """A request took effect."""
    found = RequestAccepted(
        event_id=event_id("RequestAccepted", request_id),
        occurred_at_ms=event.occurred_at_ms,
        session_id=header.session_id,
        request_id=request_id,
        generation=header.generation + 1,
    )
    return topics.DECIDED, found


def rejected(event: SessionEvent, request_id: str, reason: str) -> Sent:
    """A request was refused."""
    found = RequestRejected(
        event_id=event_id("RequestRejected", request_id),
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        request_id=request_id,
        reason=reason,
    )
    return topics.DECIDED, found

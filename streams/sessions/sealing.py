"""Fixing the timeline, opening generations, and concluding them."""

from msgspec.structs import replace

from schemas import topics
from schemas.event import SessionEvent
from schemas.ids import event_id
from schemas.ranges import covers
from schemas.session_events import (
    Cause,
    ChunkUploaded,
    SessionCompleted,
    SessionReady,
    SessionSealed,
    State,
)
from streams.decision import Outputs
from streams.sessions import publishing, windows
from streams.sessions.state import Header, Rules
from streams.store import Store


def is_whole(header: Header) -> bool:
    """The phone said how many chunks it made, and all are here: nothing waits."""
    return header.expected is not None and covers(header.received, 0, header.expected)


def seal(store: Store, header: Header, event: SessionEvent, rules: Rules) -> tuple[Header, Outputs]:
    """The first generation: the timeline ends with the newest chunk, and every window that is left is cut."""
    header = replace(header, total_ms=header.newest_ms)
    header, outputs = reopen(header, event, Cause.SEALED, rules)
    header, ready = windows.release(header, store, rules, event.occurred_at_ms)
    return header, [*publishing.windows(ready), *outputs]


def amend(
    store: Store, header: Header, event: ChunkUploaded, rules: Rules
) -> tuple[Header, Outputs]:
    """A chunk after the end: its windows get new revisions, the session a new generation."""
    former_ms = header.total_ms
    header = replace(header, total_ms=header.newest_ms)
    header = windows.recut(
        header, rules, (event.start_ms, event.start_ms + event.duration_ms), former_ms
    )
    header, outputs = reopen(header, event, Cause.LATE_CHUNK, rules)
    header, ready = windows.release(header, store, rules, event.occurred_at_ms)
    return header, [*publishing.windows(ready), *outputs]


def expire(header: Header, event: SessionEvent) -> tuple[Header, Outputs]:
    """The owner's days are over: the text goes, the counts stand."""
    return replace(header, is_text_gone=True), [publishing.expired(header, event)]


def reopen(
    header: Header, event: SessionEvent, cause: Cause, rules: Rules
) -> tuple[Header, Outputs]:
    """The next generation, named after the event that caused it so that a repeat gets the same number."""
    header = replace(
        header,
        generation=header.generation + 1,
        causes=(*header.causes, event.event_id),
        lexicon=header.lexicon or rules.lexicon,
        state=State.PROCESSING,
        counted=(),
        speakers=(),
    )
    header = windows.cut_all(header, rules)
    outputs: Outputs = [
        (topics.DECIDED, _sealed(header, event, cause, rules)),
        publishing.listing(header, event),
    ]
    if header.constraints:
        outputs.insert(0, publishing.constrained(header, event))
    if not header.revisions:
        header, concluded = conclude(header, event)
        outputs += concluded
    return header, [*outputs, publishing.progress(header, event)]


def conclude(header: Header, event: SessionEvent) -> tuple[Header, Outputs]:
    """When every window of the generation is counted: ready for claims, or completed when nobody spoke."""
    if header.state is not State.PROCESSING or not covers(header.counted, 0, len(header.revisions)):
        return header, []
    header = replace(header, state=state_of(header))
    return header, [*announced(header, event), publishing.progress(header, event)]


def state_of(header: Header) -> State:
    """Of a complete generation: completed when nobody is left to be claimed."""
    return State.READY if set(header.speakers) - set(header.claimed) else State.COMPLETED


def announced(header: Header, event: SessionEvent) -> Outputs:
    """The state of a complete generation, for everybody."""
    kind = SessionReady if header.state is State.READY else SessionCompleted
    return [publishing.concluded(header, event, kind), publishing.listing(header, event)]


def _sealed(header: Header, event: SessionEvent, cause: Cause, rules: Rules) -> SessionSealed:
    return SessionSealed(
        event_id=event_id("SessionSealed", header.session_id, header.generation),
        occurred_at_ms=event.occurred_at_ms,
        session_id=header.session_id,
        owner=header.owner,
        group_id=header.group_id,
        generation=header.generation,
        cause=cause,
        windows=header.revisions,
        window_ms=rules.window_ms,
        total_ms=header.total_ms,
        gaps=windows.gaps(header),
        hint=header.hint,
        lexicon=header.lexicon,
        time_zone=header.time_zone,
        recorded_at_ms=header.recorded_at_ms,
    )

"""Pure: one event in, the next state of its session and the events that follow out.

Time comes inside the events.
"""

from msgspec.structs import replace

from schemas import topics
from schemas.claim_events import SpeakerClaimed, SpeakerReleased
from schemas.event import Event, SessionEvent
from schemas.phone_events import ChunkUploaded, SessionEnded, SessionStarted
from schemas.rejections import Reason, Rejected
from schemas.session_events import State, Tick
from schemas.session_requests import EraseRequested
from schemas.speech_events import SpeakersIdentified, WindowResult
from schemas.word_events import WordsCounted
from streams.fold import Outputs
from streams.sessions import chunks, erasure, events, generations, requests, results
from streams.sessions.due import is_due
from streams.sessions.events import SessionRequest
from streams.sessions.state import Decision, Rules, Session, session_key, unstarted
from streams.store import Store


def fold(store: Store, event: Event, rules: Rules) -> Outputs:
    """Returns what follows from `event`. Raises Rejected for a session that nobody started.

    Answers of other stages may be read before the session's start; they wait for it.
    The directory's row is sent once when anything of it changed.
    """
    assert isinstance(event, SessionEvent)
    session = store.get(session_key(event.session_id), Session) or unstarted(event.session_id)
    if isinstance(event, SessionStarted):
        return _on_started(store, session, event)
    if not session.is_started and isinstance(event, Tick):
        return []  # it left
    if not session.is_started and type(event) in topics.INBOUND.events:
        raise Rejected(Reason.UNKNOWN_SESSION, type(event).__name__)
    if session.state is State.ERASED:
        return erasure.after(store, session, event, rules)
    after, outputs = _decide(store, session, event, rules)
    after, caught_up = results.caught_up(store, after, event)
    outputs += caught_up
    store.put(session_key(event.session_id), after)
    if not session.is_started:
        return []
    if events.row_of(after) == events.row_of(session):
        return outputs
    return [events.listing(after, event), *outputs]


def _on_started(store: Store, session: Session, event: SessionStarted) -> Outputs:
    # The first event in the log owns the id. A repeat is answered again.
    if not session.is_started:
        session = _started(session, event)
        store.put(session_key(event.session_id), session)
    if session.owner != event.owner:
        return []
    row = events.listing(session, event)
    return [row] if session.is_text_gone else [row, events.progress(session, event)]


def _started(session: Session, event: SessionStarted) -> Session:
    return replace(
        session,
        owner=event.owner,
        group_id=event.group_id,
        time_zone=event.time_zone,
        recorded_at_ms=event.recorded_at_ms,
        hint=event.speakers_hint,
        keep_transcript_days=event.keep_transcript_days,
        last_arrival_ms=event.occurred_at_ms,
    )


def _decide(store: Store, session: Session, event: SessionEvent, rules: Rules) -> Decision:
    if isinstance(event, SessionRequest):
        return requests.on_request(store, session, event, rules)
    if session.is_text_gone and isinstance(event, WindowResult | WordsCounted | SpeakersIdentified):
        return session, []
    match event:
        case ChunkUploaded():
            return chunks.on_chunk(store, session, event, rules)
        case SessionEnded():
            return chunks.on_ended(store, session, event, rules)
        case Tick():
            return _on_tick(store, session, event, rules)
        case WindowResult():
            return results.on_result(store, session, event, rules)
        case WordsCounted():
            return results.on_counted(session, event), []
        case SpeakersIdentified():
            return results.on_identified(session, event), []
        case SpeakerClaimed() | SpeakerReleased():
            return results.on_claim(session, event)
        case EraseRequested():
            return erasure.on_erase(store, session, event)
    return session, []


def _on_tick(store: Store, session: Session, event: Tick, rules: Rules) -> Decision:
    if not is_due(session, event, rules):
        return session, []
    if session.sealed:
        chunks.forget(store, session)
        return generations.expire(session, event)
    return generations.seal(store, session, event, rules)

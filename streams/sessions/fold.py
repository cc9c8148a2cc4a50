"""Pure: one event in, the next state of its session out. Time comes inside the events."""

from dataclasses import replace as changed

from msgspec.structs import replace

from schemas import topics
from schemas.event import Event, SessionEvent
from schemas.ids import SessionId
from schemas.phone_events import ChunkUploaded, SessionEnded, SessionStarted
from schemas.ranges import numbers
from schemas.rejections import Reason, Rejected
from schemas.session_events import State, Tick, WorkFailed
from schemas.session_requests import EraseRequested
from schemas.speech_events import ChunkRef
from streams.fold import Shape, as_announced, no_inputs
from streams.sessions import (
    chunks,
    erasure,
    events,
    generations,
    late,
    requests,
    results,
    watchdog,
)
from streams.sessions.announce import announce
from streams.sessions.claims_told import ClaimDecided
from streams.sessions.due import is_due, over_at
from streams.sessions.events import Sent
from streams.sessions.recorded import (
    Bucket,
    Recorded,
    bucket_key,
    buckets_of,
    chunk_key,
    session_key,
)
from streams.sessions.request_answers import SessionRequest
from streams.sessions.results import StageAnswer
from streams.sessions.state import Rules, Session, unstarted
from streams.store import Store
from streams.view import view_of


def decide(state: Recorded, event: Event, _inputs: None) -> Recorded:
    """Returns the session after `event`. Raises Rejected for a session that nobody started.

    Answers of other stages may be read before the session's start; they wait for it.
    """
    assert isinstance(event, SessionEvent)
    session = state.session
    if isinstance(event, SessionStarted):
        return _on_started(state, event)
    if not session.is_started and isinstance(event, Tick):
        return state  # it left
    if not session.is_started and type(event) in topics.INBOUND.events:
        raise Rejected(Reason.UNKNOWN_SESSION, type(event).__name__)
    if session.state is State.ERASED:
        return erasure.after(state, event)
    after = results.caught_up(_decided(state, event))
    noted = watchdog.noted(session, after.session, event.occurred_at_ms)
    return _hinted(after.having(generations.concluded(noted)), event)


def _hinted(state: Recorded, event: SessionEvent) -> Recorded:
    session = requests.after_hints(state.session, state.rules)
    if session is state.session:
        return state
    noted = watchdog.noted(state.session, session, event.occurred_at_ms)
    return changed(state.having(noted), identified=None)  # nobody sees clips of the former one


def _on_started(state: Recorded, event: SessionStarted) -> Recorded:
    # The first event in the log owns the id. A repeat is answered again.
    session = state.session
    if not session.is_started:
        return state.having(_started(session, event))
    if session.owner != event.owner:
        return state
    row = events.listing(session, event)
    if state.is_closed:
        return state.saying(row)
    return state.saying(row, events.progress(session, event))


def _started(session: Session, event: SessionStarted) -> Session:
    return replace(
        session,
        owner=event.owner,
        group_id=event.group_id,
        time_zone=event.time_zone,
        recorded_at_ms=event.recorded_at_ms,
        clock_corrected=event.clock_corrected,
        clock_ahead_ms=max(0, event.recorded_at_ms - event.occurred_at_ms),
        hint=event.speakers_hint,
        keep_transcript_days=event.keep_transcript_days,
        last_arrival_ms=event.occurred_at_ms,
        started_ms=event.occurred_at_ms,
    )


def _decided(state: Recorded, event: SessionEvent) -> Recorded:
    session = state.session
    if isinstance(event, SessionRequest):
        return requests.on_request(state, event)
    if isinstance(event, StageAnswer):
        return state.having(results.on_answer(session, event, state.rules))
    if isinstance(event, ClaimDecided):
        return state.having(results.on_claim(session, event))
    match event:
        case ChunkUploaded():
            return chunks.on_chunk(state, event)
        case SessionEnded():
            return chunks.on_ended(state, event)
        case Tick() if is_due(session, event, state.rules):
            return state.having(_on_time(session, event, state.rules))
        case WorkFailed():
            return state.having(watchdog.on_fault(session, event))
        case EraseRequested():
            return erasure.on_erase(state, event)
    return state


def _on_time(session: Session, event: Tick, rules: Rules) -> Session:
    if not session.sealed and event.now_ms >= over_at(session, rules):
        return generations.sealed(session, rules)
    if session.has_late:
        return late.taken(session, rules, event.now_ms)
    if session.state is State.PROCESSING:
        return watchdog.on_overdue(session, rules)
    return generations.expired(session)


def _load(store: Store, event: Event, rules: Rules) -> Recorded | None:
    if not isinstance(event, SessionEvent):
        return None
    session_id = SessionId(event.session_id)
    return Recorded(
        session=store.get(session_key(session_id), Session) or unstarted(session_id),
        rules=rules,
        chunks=view_of(store, ChunkRef),
        minutes=view_of(store, Bucket),
    )


def _save(store: Store, before: Recorded, after: Recorded) -> None:
    session = after.session
    store.set(session_key(session.session_id), None if after.has_left else session)
    after.chunks.save(store)
    after.minutes.save(store)
    if after.is_closed and not before.is_closed:
        _forget_chunks(store, before.session)


def _forget_chunks(store: Store, session: Session) -> None:
    for number in buckets_of(0, session.newest_ms):
        store.delete(bucket_key(session.session_id, number))
    for seq in numbers(session.received):
        store.delete(chunk_key(session.session_id, seq))


def shape(rules: Rules) -> Shape[Recorded, None, Sent]:
    """Returns the fold with these settings."""
    return Shape(
        load=lambda store, event: _load(store, event, rules),
        fetch=no_inputs,
        decide=decide,
        announce=announce,
        publish=as_announced,
        save=_save,
    )

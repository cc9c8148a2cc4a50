"""The fold itself: one event in, the next session and the events that follow. Pure; time comes inside the events."""

from msgspec.structs import replace

from schemas.claim_events import SpeakerClaimed, SpeakerReleased
from schemas.event import Event, SessionEvent
from schemas.phone_events import ChunkUploaded, SessionEnded, SessionStarted
from schemas.ranges import add
from schemas.rejections import Reason, Rejected
from schemas.session_events import State, Tick
from schemas.session_requests import (
    EraseRequested,
    HintRequested,
    MergeRequested,
    RecountRequested,
    ReplayRequested,
    SplitRequested,
)
from schemas.speech_events import (
    ChunkRef,
    ClipOrder,
    SpeakersIdentified,
    WindowResult,
    WindowTranscribed,
)
from schemas.word_events import WordsCounted
from streams.fold import Outputs
from streams.sessions import erasure, events, generations, pace, requests, windows
from streams.sessions.due import due_at
from streams.sessions.state import (
    Bucket,
    Rules,
    Session,
    bucket_key,
    buckets_of,
    seq_key,
    session_key,
)
from streams.store import Store


def fold(store: Store, event: Event, rules: Rules) -> Outputs:
    """Raises Rejected for an event about a session that nobody started."""
    if isinstance(event, SessionStarted):
        return _on_started(store, event)
    assert isinstance(event, SessionEvent)
    session = store.get(session_key(event.session_id), Session)
    if session is None:
        raise Rejected(Reason.UNKNOWN_SESSION, type(event).__name__)
    if session.state is State.ERASED:
        return erasure.after(session, event)
    after, outputs = _on_event(store, session, event, rules)
    store.put(session_key(event.session_id), after)
    return outputs


def _on_started(store: Store, event: SessionStarted) -> Outputs:
    session = store.get(session_key(event.session_id), Session)
    if session is not None and session.owner != event.owner:
        return []  # not_owner: the first one in the log owns the id
    if session is None:
        session = Session(
            session_id=event.session_id,
            owner=event.owner,
            group_id=event.group_id,
            time_zone=event.time_zone,
            recorded_at_ms=event.recorded_at_ms,
            hint=event.speakers_hint,
            keep_transcript_days=event.keep_transcript_days,
            last_arrival_ms=event.occurred_at_ms,
        )
        store.put(session_key(event.session_id), session)
    return [events.listing(session, event), events.progress(session, event)]


def _on_event(
    store: Store, session: Session, event: Event, rules: Rules
) -> tuple[Session, Outputs]:
    match event:
        case ChunkUploaded():
            return _on_chunk(store, session, event, rules)
        case SessionEnded():
            return _on_ended(store, session, event, rules)
        case Tick():
            return _on_tick(store, session, event, rules)
        case WindowResult():
            return _on_result(store, session, event, rules)
        case WordsCounted():
            return _on_counted(session, event)
        case SpeakersIdentified():
            return _on_identified(store, session, event)
        case SpeakerClaimed() | SpeakerReleased():
            return requests.on_claim(session, event)
        case (
            HintRequested()
            | MergeRequested()
            | SplitRequested()
            | RecountRequested()
            | ReplayRequested()
        ):
            return requests.on_request(store, session, event, rules)
        case EraseRequested():
            return erasure.on_erase(store, session, event)
        case _:  # ClaimRejected, SpeakerTagged: no state of the session's
            return session, []


def _on_chunk(
    store: Store, session: Session, event: ChunkUploaded, rules: Rules
) -> tuple[Session, Outputs]:
    if event.owner != session.owner:
        return session, []
    known = _earlier_chunk(store, session, event)
    if known is not None:
        if known.sha256 == event.sha256 or event.seq in session.conflicts:
            return session, []
        session = replace(session, conflicts=(*session.conflicts, event.seq))
        return session, [events.listing(session, event)]
    end_ms = event.start_ms + event.duration_ms
    if event.seq >= rules.most_chunks or end_ms > rules.most_ms:
        return session, []
    ref = ChunkRef(
        seq=event.seq, sha256=event.sha256, start_ms=event.start_ms, duration_ms=event.duration_ms
    )
    _remember(store, session, ref)
    session = replace(
        session,
        received=add(session.received, event.seq, event.seq + 1),
        covered=add(session.covered, event.start_ms, end_ms, rules.bridge_ms),
        newest_ms=max(session.newest_ms, end_ms),
        last_arrival_ms=max(session.last_arrival_ms, event.occurred_at_ms),
    )
    if session.is_text_gone:
        raise Rejected(Reason.TEXT_EXPIRED, "a chunk after the words were removed")
    if session.sealed:
        session, outputs = generations.amend(store, session, event, rules)
    else:
        # A window that was cut over a hole hears the chunk now that it is here: it is worked on again.
        session = windows.recut(session, rules, (event.start_ms, end_ms), session.total_ms)
        session, outputs = _advance(store, session, event, rules)
    return session, [events.listing(session, event), *outputs]


def _earlier_chunk(store: Store, session: Session, event: ChunkUploaded) -> ChunkRef | None:
    if not any(a <= event.seq < b for a, b in session.received):
        return None
    # The same number may come with another start: the digest of the first is kept beside its number.
    return store.get(seq_key(session.session_id, event.seq), ChunkRef)


def _remember(store: Store, session: Session, ref: ChunkRef) -> None:
    store.put(seq_key(session.session_id, ref.seq), ref)
    for number in buckets_of(ref.start_ms, ref.start_ms + ref.duration_ms):
        key = bucket_key(session.session_id, number)
        held = store.get(key, Bucket) or Bucket()
        store.put(key, Bucket(chunks=(*held.chunks, ref)))


def _advance(
    store: Store, session: Session, event: SessionEvent, rules: Rules
) -> tuple[Session, Outputs]:
    if generations.is_whole(session):
        return generations.seal(store, session, event, rules)
    session, ready = windows.release(
        windows.cut(session, rules), store, rules, event.occurred_at_ms
    )
    return session, events.windows(ready)


def _on_ended(
    store: Store, session: Session, event: SessionEnded, rules: Rules
) -> tuple[Session, Outputs]:
    if event.owner != session.owner or session.expected is not None:
        return session, []
    session = replace(
        session,
        expected=event.chunks,
        ended_at_ms=event.occurred_at_ms,
        last_arrival_ms=event.occurred_at_ms,
    )
    session, outputs = _advance(store, session, event, rules)
    return session, [events.listing(session, event), *outputs]


def _on_tick(store: Store, session: Session, event: Tick, rules: Rules) -> tuple[Session, Outputs]:
    due_ms = due_at(session, rules)
    if due_ms is None or event.now_ms < due_ms:
        return session, []
    return (
        generations.expire(session, event)
        if session.sealed
        else generations.seal(store, session, event, rules)
    )


def _on_result(
    store: Store, session: Session, event: WindowResult, rules: Rules
) -> tuple[Session, Outputs]:
    if event.window >= len(session.revisions) or session.revisions[event.window] != event.revision:
        return session, []
    if isinstance(event, WindowTranscribed):
        session = replace(
            session, transcribed=add(session.transcribed, event.window, event.window + 1)
        )
    else:
        session = replace(session, voiced=add(session.voiced, event.window, event.window + 1))
    session = pace.noted(session, event)
    both = all(
        any(a <= event.window < b for a, b in done)
        for done in (session.transcribed, session.voiced)
    )
    if both:
        session = replace(session, flying=tuple(w for w in session.flying if w != event.window))
    session, ready = windows.release(session, store, rules, event.occurred_at_ms)
    return session, [
        *events.windows(ready),
        events.progress(session, event),
        *events.eta(session, event),
    ]


def _on_counted(session: Session, event: WordsCounted) -> tuple[Session, Outputs]:
    if event.generation != session.generation:
        return session, []
    session = replace(session, counted=add(session.counted, event.window, event.window + 1))
    return generations.conclude(session, event)


def _on_identified(
    store: Store, session: Session, event: SpeakersIdentified
) -> tuple[Session, Outputs]:
    if event.generation != session.generation:
        return session, []
    session = replace(session, speakers=tuple(s.label for s in event.speakers))
    orders = tuple(
        ClipOrder(
            speaker=s.label, ordinal=n, span=span, chunks=windows.chunks_of(session, store, *span)
        )
        for s in event.speakers
        for n, span in enumerate(s.clips)
    )
    session, outputs = generations.conclude(session, event)
    return session, [events.clips(session, event, orders), *outputs]

"""The fold itself: one event in, the next header and the events that follow. Pure; time comes inside the events."""

from msgspec.structs import replace

from schemas.claim_events import SpeakerClaimed, SpeakerReleased
from schemas.dead_letters import Reason
from schemas.event import Event, SessionEvent
from schemas.ranges import add
from schemas.session_events import ChunkUploaded, SessionEnded, SessionStarted, State, Tick
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
from streams.decision import Outputs, Refused
from streams.sessions import erasing, pacing, publishing, requests, sealing, windows
from streams.sessions.due_times import due_at
from streams.sessions.state import (
    Bucket,
    Header,
    Rules,
    bucket_key,
    buckets_of,
    header_key,
    seq_key,
)
from streams.store import Store


def fold(store: Store, event: Event, rules: Rules) -> Outputs:
    """Raises Refused for an event about a session that nobody started."""
    if isinstance(event, SessionStarted):
        return _on_started(store, event)
    assert isinstance(event, SessionEvent)
    header = store.get(header_key(event.session_id), Header)
    if header is None:
        raise Refused(Reason.UNKNOWN_SESSION, type(event).__name__)
    if header.state is State.ERASED:
        return erasing.after(header, event)
    after, outputs = _on_known(store, header, event, rules)
    store.put(header_key(event.session_id), after)
    return outputs


def _on_started(store: Store, event: SessionStarted) -> Outputs:
    header = store.get(header_key(event.session_id), Header)
    if header is not None and header.owner != event.owner:
        return []  # not_owner: the first one in the log owns the id
    if header is None:
        header = Header(
            session_id=event.session_id,
            owner=event.owner,
            group_id=event.group_id,
            time_zone=event.time_zone,
            recorded_at_ms=event.recorded_at_ms,
            hint=event.speakers_hint,
            keep_transcript_days=event.keep_transcript_days,
            last_arrival_ms=event.occurred_at_ms,
        )
        store.put(header_key(event.session_id), header)
    return [publishing.listing(header, event), publishing.progress(header, event)]


def _on_known(store: Store, header: Header, event: Event, rules: Rules) -> tuple[Header, Outputs]:
    match event:
        case ChunkUploaded():
            return _on_chunk(store, header, event, rules)
        case SessionEnded():
            return _on_ended(store, header, event, rules)
        case Tick():
            return _on_tick(store, header, event, rules)
        case WindowResult():
            return _on_result(store, header, event, rules)
        case WordsCounted():
            return _on_counted(header, event)
        case SpeakersIdentified():
            return _on_identified(store, header, event)
        case SpeakerClaimed() | SpeakerReleased():
            return requests.on_claim(header, event)
        case (
            HintRequested()
            | MergeRequested()
            | SplitRequested()
            | RecountRequested()
            | ReplayRequested()
        ):
            return requests.on_request(store, header, event, rules)
        case EraseRequested():
            return erasing.on_erase(store, header, event)
        case _:  # ClaimRejected, SpeakerTagged: no state of the session's
            return header, []


def _on_chunk(
    store: Store, header: Header, event: ChunkUploaded, rules: Rules
) -> tuple[Header, Outputs]:
    if event.owner != header.owner:
        return header, []
    known = _known(store, header, event)
    if known is not None:
        if known.sha256 == event.sha256 or event.seq in header.conflicts:
            return header, []
        header = replace(header, conflicts=(*header.conflicts, event.seq))
        return header, [publishing.listing(header, event)]
    end_ms = event.start_ms + event.duration_ms
    if event.seq >= rules.most_chunks or end_ms > rules.most_ms:
        return header, []
    ref = ChunkRef(
        seq=event.seq, sha256=event.sha256, start_ms=event.start_ms, duration_ms=event.duration_ms
    )
    _remember(store, header, ref)
    header = replace(
        header,
        received=add(header.received, event.seq, event.seq + 1),
        covered=add(header.covered, event.start_ms, end_ms, rules.bridge_ms),
        newest_ms=max(header.newest_ms, end_ms),
        last_arrival_ms=max(header.last_arrival_ms, event.occurred_at_ms),
    )
    if header.is_text_gone:
        raise Refused(Reason.TEXT_EXPIRED, "a chunk after the words were removed")
    if header.sealed:
        header, outputs = sealing.amend(store, header, event, rules)
    else:
        # A window that was cut over a hole hears the chunk now that it is here: it is worked on again.
        header = windows.recut(header, rules, (event.start_ms, end_ms), header.total_ms)
        header, outputs = _advance(store, header, event, rules)
    return header, [publishing.listing(header, event), *outputs]


def _known(store: Store, header: Header, event: ChunkUploaded) -> ChunkRef | None:
    if not any(a <= event.seq < b for a, b in header.received):
        return None
    # The same number may come with another start: the digest of the first is kept beside its number.
    return store.get(seq_key(header.session_id, event.seq), ChunkRef)


def _remember(store: Store, header: Header, ref: ChunkRef) -> None:
    store.put(seq_key(header.session_id, ref.seq), ref)
    for number in buckets_of(ref.start_ms, ref.start_ms + ref.duration_ms):
        key = bucket_key(header.session_id, number)
        held = store.get(key, Bucket) or Bucket()
        store.put(key, Bucket(chunks=(*held.chunks, ref)))


def _advance(
    store: Store, header: Header, event: SessionEvent, rules: Rules
) -> tuple[Header, Outputs]:
    if sealing.is_whole(header):
        return sealing.seal(store, header, event, rules)
    header, ready = windows.release(windows.cut(header, rules), store, rules, event.occurred_at_ms)
    return header, publishing.windows(ready)


def _on_ended(
    store: Store, header: Header, event: SessionEnded, rules: Rules
) -> tuple[Header, Outputs]:
    if event.owner != header.owner or header.expected is not None:
        return header, []
    header = replace(
        header,
        expected=event.chunks,
        ended_at_ms=event.occurred_at_ms,
        last_arrival_ms=event.occurred_at_ms,
    )
    header, outputs = _advance(store, header, event, rules)
    return header, [publishing.listing(header, event), *outputs]


def _on_tick(store: Store, header: Header, event: Tick, rules: Rules) -> tuple[Header, Outputs]:
    due_ms = due_at(header, rules)
    if due_ms is None or event.now_ms < due_ms:
        return header, []
    return (
        sealing.expire(header, event)
        if header.sealed
        else sealing.seal(store, header, event, rules)
    )


def _on_result(
    store: Store, header: Header, event: WindowResult, rules: Rules
) -> tuple[Header, Outputs]:
    if event.window >= len(header.revisions) or header.revisions[event.window] != event.revision:
        return header, []
    if isinstance(event, WindowTranscribed):
        header = replace(
            header, transcribed=add(header.transcribed, event.window, event.window + 1)
        )
    else:
        header = replace(header, voiced=add(header.voiced, event.window, event.window + 1))
    header = pacing.noted(header, event)
    both = all(
        any(a <= event.window < b for a, b in done) for done in (header.transcribed, header.voiced)
    )
    if both:
        header = replace(header, flying=tuple(w for w in header.flying if w != event.window))
    header, ready = windows.release(header, store, rules, event.occurred_at_ms)
    return header, [
        *publishing.windows(ready),
        publishing.progress(header, event),
        *publishing.eta(header, event),
    ]


def _on_counted(header: Header, event: WordsCounted) -> tuple[Header, Outputs]:
    if event.generation != header.generation:
        return header, []
    header = replace(header, counted=add(header.counted, event.window, event.window + 1))
    return sealing.conclude(header, event)


def _on_identified(
    store: Store, header: Header, event: SpeakersIdentified
) -> tuple[Header, Outputs]:
    if event.generation != header.generation:
        return header, []
    header = replace(header, speakers=tuple(s.label for s in event.speakers))
    orders = tuple(
        ClipOrder(
            speaker=s.label, ordinal=n, span=span, chunks=windows.chunks_of(header, store, *span)
        )
        for s in event.speakers
        for n, span in enumerate(s.clips)
    )
    header, outputs = sealing.conclude(header, event)
    return header, [publishing.clips(header, event, orders), *outputs]

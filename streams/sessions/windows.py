"""Pure: which windows can be worked on, and what each owns and hears."""

from msgspec.structs import replace

from schemas.ranges import Range, Ranges, covers, missing
from schemas.speech_events import ChunkRef, WindowReady
from streams.sessions.state import Bucket, Rules, Session, bucket_key, buckets_of
from streams.store import Store


def count(total_ms: int, rules: Rules) -> int:
    """Windows of a session of `total_ms`. The last one is shorter than the others, and may own nothing.

    It hears what they left to it: they are worked on before anybody knows that the session ends with them.
    """
    return total_ms // rules.window_ms + 1 if total_ms else 0


def cut(session: Session, rules: Rules) -> Session:
    """Queue every next window whose hearing is covered, or whose hole is older than `gap_wait_ms`; in order."""
    revisions, queue = session.revisions, session.queue
    while True:
        hears_to = (len(revisions) + 1) * rules.window_ms
        hears_from = max(0, len(revisions) * rules.window_ms - rules.margin_before_ms)
        ripe = (
            covers(session.covered, hears_from, hears_to)
            or session.newest_ms >= hears_to + rules.gap_wait_ms
        )
        if not ripe:
            return replace(session, revisions=revisions, queue=queue)
        queue = (*queue, len(revisions))
        revisions = (*revisions, 1)


def cut_all(session: Session, rules: Rules) -> Session:
    """Queue every window that is left: the timeline ends at `total_ms`."""
    wanted = count(session.total_ms, rules)
    new = tuple(range(len(session.revisions), wanted))
    return replace(
        session, revisions=session.revisions + (1,) * len(new), queue=session.queue + new
    )


def recut(session: Session, rules: Rules, late: Range, old_total_ms: int) -> Session:
    """A new revision for every window that hears the late chunk, or that heard the end where it no longer is."""
    again = tuple(
        w
        for w in range(len(session.revisions))
        if _hears(w, rules, late, session.total_ms, old_total_ms)
    )
    return replace(
        session,
        revisions=tuple(r + 1 if w in again else r for w, r in enumerate(session.revisions)),
        queue=tuple(w for w in session.queue if w not in again) + again,
        flying=tuple(w for w in session.flying if w not in again),
        transcribed=_without(session.transcribed, again),
        voiced=_without(session.voiced, again),
    )


def _hears(window: int, rules: Rules, late: Range, total_ms: int, old_total_ms: int) -> bool:
    hears_from = window * rules.window_ms - rules.margin_before_ms
    hears_to = (window + 1) * rules.window_ms
    heard_old_end = total_ms > old_total_ms and hears_to >= old_total_ms
    return heard_old_end or (hears_from < late[1] and hears_to > late[0])


def _without(ranges: Ranges, windows: tuple[int, ...]) -> Ranges:
    for window in windows:
        ranges = tuple(
            part
            for a, b in ranges
            for part in ((a, min(b, window)), (max(a, window + 1), b))
            if part[0] < part[1]
        )
    return ranges


def release(
    session: Session, store: Store, rules: Rules, now_ms: int
) -> tuple[Session, list[WindowReady]]:
    """Send waiting windows until `in_flight` of this session are with the workers: nobody stands in front of all."""
    ready: list[WindowReady] = []
    queue, flying = session.queue, session.flying
    while queue and len(flying) < rules.in_flight:
        ready.append(describe(session, store, rules, queue[0], now_ms))
        flying, queue = (*flying, queue[0]), queue[1:]
    return replace(session, queue=queue, flying=flying), ready


def describe(session: Session, store: Store, rules: Rules, window: int, now_ms: int) -> WindowReady:
    """The event for one window. The last one names the session's end."""
    start, end = window * rules.window_ms, (window + 1) * rules.window_ms
    is_last = session.sealed and session.total_ms < end
    end = session.total_ms if is_last else end
    hears_from = max(0, start - rules.margin_before_ms)
    return WindowReady(
        occurred_at_ms=now_ms,
        session_id=session.session_id,
        window=window,
        revision=session.revisions[window],
        start_ms=start,
        end_ms=end,
        hears_from_ms=hears_from,
        session_end_ms=session.total_ms if is_last else None,
        chunks=chunks_of(session, store, hears_from, end),
    )


def chunks_of(session: Session, store: Store, from_ms: int, to_ms: int) -> tuple[ChunkRef, ...]:
    """The chunks that hold audio of [from_ms, to_ms), by number."""
    found: dict[int, ChunkRef] = {}
    for number in buckets_of(from_ms, to_ms):
        bucket = store.get(bucket_key(session.session_id, number), Bucket) or Bucket()
        found |= {
            c.seq: c
            for c in bucket.chunks
            if c.start_ms < to_ms and c.start_ms + c.duration_ms > from_ms
        }
    return tuple(found[seq] for seq in sorted(found))


def gaps(session: Session) -> Ranges:
    """Milliseconds of the timeline that no chunk covers."""
    return missing(session.covered, 0, session.total_ms)

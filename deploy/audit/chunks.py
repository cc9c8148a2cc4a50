"""Pure: the fate of every chunk of a session that was answered 2xx."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress

from consumers.dlq.letters import Letter
from deploy.audit.log_facts import Chunk, LogFacts
from deploy.audit.recount import Recounted
from deploy.audit.report import Difference, Fate, Findings
from schemas.audio import BRIDGE_MS
from schemas.codec import decode
from schemas.ids import EventId
from schemas.object_kinds import CHUNK
from schemas.ranges import Ranges, clip, covers, missing, union
from schemas.rejections import Rejected
from schemas.session_events import COMPLETE, FINAL
from schemas.topics import INBOUND

HEARD = frozenset({Fate.COUNTED, Fate.SILENT})
"""Fates of chunks whose audio is needed again. The owner knows of a chunk that is missing."""
LOST = "Nothing says what became of it: replay the session's windows, and say so to its owner."


def lettered(letters: Iterable[Letter]) -> frozenset[EventId]:
    """Return the events of phones that are dead letters.

    Their places would not do: a restore gives every message another one.
    """
    found: set[EventId] = set()
    for one in letters:
        if one.topic == INBOUND.name:
            with suppress(Rejected):
                found.add(decode(INBOUND, one.value).event_id)
    return frozenset(found)


def judged(
    facts: LogFacts,
    recounted: Recounted | None,
    letters: Collection[EventId],
    objects: Collection[str],
) -> Findings:
    """Return the fates of all chunks, and those that have none.

    `letters`: see `lettered`. `objects` are the keys of the session's chunks in the object store.
    """
    fates: Counter[Fate] = Counter()
    differences: list[Difference] = []
    numbers = _first_of_each_number(facts)
    for chunk in facts.chunks.values():
        fate = _fate(facts, recounted, letters, chunk, is_first=numbers[chunk.event.seq] is chunk)
        if fate is None:
            differences.append(_lost(facts, chunk))
            continue
        fates[fate] += 1
        if fate in HEARD and key_of(chunk) not in objects:
            differences.append(_gone(facts, chunk))
    if not facts.is_erased:
        differences += _gaps(facts, numbers.values())
    return Findings(tuple(differences), fates)


def _first_of_each_number(facts: LogFacts) -> dict[int, Chunk]:
    numbers: dict[int, Chunk] = {}
    for chunk in facts.chunks.values():
        numbers.setdefault(chunk.event.seq, chunk)
    return numbers


def _fate(
    facts: LogFacts,
    recounted: Recounted | None,
    letters: Collection[EventId],
    chunk: Chunk,
    *,
    is_first: bool,
) -> Fate | None:
    listing = facts.listing
    if facts.is_erased:
        return Fate.ERASED
    event = chunk.event
    if listing is not None and not is_first and event.seq in listing.conflicts:
        return Fate.MISSING
    is_taken = listing is not None and covers(listing.received, event.seq, event.seq + 1)
    if listing is None or not is_first or not is_taken:
        # A dead letter that was replayed is a chunk like any other.
        return Fate.DEAD_LETTERED if event.event_id in letters else None
    if listing.state in FINAL - COMPLETE:
        return Fate.MISSING
    return None if recounted is None else _counted(recounted, chunk)


def _counted(recounted: Recounted, chunk: Chunk) -> Fate | None:
    """Return the fate of a chunk whose session is counted."""
    event = chunk.event
    sealed = recounted.sealed
    end_ms = event.start_ms + event.duration_ms
    first = event.start_ms // sealed.window_ms
    last = min(
        max(end_ms - 1, event.start_ms) // sealed.window_ms,
        len(sealed.windows) - 1,
    )
    windows = [recounted.windows.get(number) for number in range(first, last + 1)]
    found = [window for window in windows if window is not None]
    if len(found) < len(windows) or not windows or end_ms > sealed.total_ms:
        return None
    absent = union(span for window in found for span in window.counted.missing)
    if clip(absent, event.start_ms, end_ms):
        return Fate.MISSING
    said = [ms for window in found for ms in window.said_ms]
    is_heard = any(event.start_ms <= ms < end_ms for ms in said)
    return Fate.COUNTED if is_heard else Fate.SILENT


def _lost(facts: LogFacts, chunk: Chunk) -> Difference:
    what = f"chunk {chunk.event.seq} was answered 2xx and has no fate"
    return Difference(
        session_id=facts.session_id,
        where=str(chunk.place),
        what=what,
        advice=LOST,
    )


def key_of(chunk: Chunk) -> str:
    """Return the key of a chunk's object."""
    event = chunk.event
    return CHUNK.key(session_id=event.session_id, seq=event.seq, sha256=event.sha256)


def _gone(facts: LogFacts, chunk: Chunk) -> Difference:
    return Difference(
        session_id=facts.session_id,
        where=key_of(chunk),
        what="the object of an acknowledged chunk is not in the store",
        advice="Restore it from a backup: no stage can hear this audio again.",
    )


def _gaps(facts: LogFacts, chunks: Collection[Chunk]) -> Iterator[Difference]:
    """Yield the difference of a timeline that was sealed with other gaps than the chunks leave."""
    sealed = facts.sealed
    listing = facts.listing
    if sealed is None or listing is None:
        return
    spans: Ranges = union(
        (
            (chunk.event.start_ms, chunk.event.start_ms + chunk.event.duration_ms)
            for chunk in chunks
            if covers(listing.received, chunk.event.seq, chunk.event.seq + 1)
        ),
        BRIDGE_MS,
    )
    if sealed.gaps != missing(spans, 0, sealed.total_ms):
        yield Difference(
            session_id=facts.session_id,
            where=f"session.decided.v1 generation {sealed.generation}",
            what="the timeline was sealed with other gaps than its chunks leave",
            advice="The fold `sessions` lost or doubled a chunk: keep the log, and look at it.",
        )

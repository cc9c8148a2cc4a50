"""Pure: the fate of every chunk of a session that was answered 2xx."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from consumers.dlq.letters import Letter
from deploy.audit.log_facts import Chunk, LogFacts
from deploy.audit.recount import Recounted, Window
from deploy.audit.report import Difference, Fate, Findings
from schemas.audio import BRIDGE_MS
from schemas.codec import decode
from schemas.ids import EventId
from schemas.object_kinds import CHUNK
from schemas.phone_events import ChunkUploaded
from schemas.ranges import Range, Ranges, clip, covers, missing, union
from schemas.rejections import Rejected
from schemas.session_events import COMPLETE, FINAL
from schemas.topics import INBOUND

AUDIO_IS_NEEDED = frozenset({Fate.COUNTED, Fate.SILENT})
"""Fates of chunks whose audio is needed again. The owner knows of a chunk that is missing."""
LOST = "Nothing says what became of it: replay the session's windows, and say so to its owner."


def dead_lettered_events(letters: Iterable[Letter]) -> frozenset[EventId]:
    """Return the ids of the events of phones that are dead letters.

    Their places in the log would not do: a restore gives every message another one.
    """
    found: set[EventId] = set()
    for letter in letters:
        if letter.topic != INBOUND.name:
            continue
        with suppress(Rejected):
            event = decode(INBOUND, letter.value)
            found.add(event.event_id)
    return frozenset(found)


def judged(
    facts: LogFacts,
    recounted: Recounted | None,
    letters: Collection[EventId],
    objects: Collection[str],
) -> Findings:
    """Return the fates of all chunks, and a difference for each chunk without one.

    `letters`: see `dead_lettered_events`. `objects` are the keys that the object store has of the
    session.
    """
    fates: Counter[Fate] = Counter()
    differences: list[Difference] = []
    judge = _Judge(facts, recounted, letters, _first_of_each_number(facts))
    for chunk in facts.chunks.values():
        fate = judge.fate(chunk)
        if fate is None:
            differences.append(_without_fate(facts, chunk))
            continue
        fates[fate] += 1
        if fate in AUDIO_IS_NEEDED and _key_of(chunk) not in objects:
            differences.append(_without_object(facts, chunk))
    if not facts.is_erased:
        differences += _gaps(facts, judge.first_of_number.values())
    return Findings(tuple(differences), fates)


def _first_of_each_number(facts: LogFacts) -> dict[int, Chunk]:
    """Return the chunk that came first of those that bear one number. The others conflict."""
    numbers: dict[int, Chunk] = {}
    for chunk in facts.chunks.values():
        numbers.setdefault(chunk.event.seq, chunk)
    return numbers


@dataclass(frozen=True)
class _Judge:
    """Gives the chunks of one session their fates."""

    facts: LogFacts
    recounted: Recounted | None
    letters: Collection[EventId]
    first_of_number: Mapping[int, Chunk]

    def fate(self, chunk: Chunk) -> Fate | None:
        """Return the fate of a chunk; None when nothing says what became of it."""
        if self.facts.is_erased:
            return Fate.ERASED
        if self._is_conflict(chunk):
            return Fate.MISSING
        if not self._is_taken(chunk):
            # A dead letter that was replayed is taken, and a chunk like any other.
            is_letter = chunk.event.event_id in self.letters
            return Fate.DEAD_LETTERED if is_letter else None
        if self.facts.state in FINAL - COMPLETE:
            return Fate.MISSING
        if self.recounted is None:
            return None
        return _fate_in_count(self.recounted, chunk.event)

    def _is_first(self, chunk: Chunk) -> bool:
        return self.first_of_number[chunk.event.seq] is chunk

    def _is_conflict(self, chunk: Chunk) -> bool:
        """Whether the fold `sessions` refused the chunk, because another one has its number."""
        listing = self.facts.listing
        if listing is None or self._is_first(chunk):
            return False
        return chunk.event.seq in listing.conflicts

    def _is_taken(self, chunk: Chunk) -> bool:
        """Whether the fold `sessions` has this chunk under its number."""
        listing = self.facts.listing
        if listing is None or not self._is_first(chunk):
            return False
        return _is_received(listing.received, chunk.event)


def _is_received(received: Ranges, chunk: ChunkUploaded) -> bool:
    return covers(received, chunk.seq, chunk.seq + 1)


def _span(chunk: ChunkUploaded) -> Range:
    """Return the part of the timeline that the chunk covers, in milliseconds."""
    return chunk.start_ms, chunk.start_ms + chunk.duration_ms


def _fate_in_count(recounted: Recounted, chunk: ChunkUploaded) -> Fate | None:
    """Return the fate of a chunk whose session is counted; None when its windows are not."""
    start_ms, end_ms = _span(chunk)
    windows = _windows_of(recounted, chunk)
    if not windows or end_ms > recounted.sealed.total_ms:
        return None
    absent: list[Range] = []
    said_ms: list[int] = []
    for window in windows:
        absent += window.counted.missing
        said_ms += window.said_ms
    if clip(union(absent), start_ms, end_ms):
        return Fate.MISSING
    if any(start_ms <= moment_ms < end_ms for moment_ms in said_ms):
        return Fate.COUNTED
    return Fate.SILENT


def _windows_of(recounted: Recounted, chunk: ChunkUploaded) -> list[Window]:
    """Return the windows that a chunk lies in; none when one of them was not counted."""
    start_ms, end_ms = _span(chunk)
    window_ms = recounted.sealed.window_ms
    last_of_session = len(recounted.sealed.windows) - 1
    last_of_chunk = max(end_ms - 1, start_ms) // window_ms
    first = start_ms // window_ms
    last = min(last_of_chunk, last_of_session)
    found: list[Window] = []
    for number in range(first, last + 1):
        window = recounted.windows.get(number)
        if window is None:
            return []
        found.append(window)
    return found


def _without_fate(facts: LogFacts, chunk: Chunk) -> Difference:
    return Difference(
        session_id=facts.session_id,
        where=str(chunk.place),
        what=f"chunk {chunk.event.seq} was answered 2xx and has no fate",
        advice=LOST,
    )


def _key_of(chunk: Chunk) -> str:
    """Return the key of a chunk's object."""
    event = chunk.event
    return CHUNK.key(session_id=event.session_id, seq=event.seq, sha256=event.sha256)


def _without_object(facts: LogFacts, chunk: Chunk) -> Difference:
    return Difference(
        session_id=facts.session_id,
        where=_key_of(chunk),
        what="the object of an acknowledged chunk is not in the store",
        advice="Restore it from a backup: no stage can hear this audio again.",
    )


def _gaps(facts: LogFacts, chunks: Collection[Chunk]) -> Iterator[Difference]:
    """Yield the difference of a timeline that was sealed with other gaps than the chunks leave."""
    sealed = facts.sealed
    listing = facts.listing
    if sealed is None or listing is None:
        return
    received = [chunk.event for chunk in chunks if _is_received(listing.received, chunk.event)]
    with_audio = union(map(_span, received), BRIDGE_MS)
    if sealed.gaps == missing(with_audio, 0, sealed.total_ms):
        return
    yield Difference(
        session_id=facts.session_id,
        where=f"session.decided.v1 generation {sealed.generation}",
        what="the timeline was sealed with other gaps than its chunks leave",
        advice="The fold `sessions` lost or doubled a chunk: keep the log, and look at it.",
    )

"""A session with its chunks, by number and by minute, and the keys that they are kept at."""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace as changed

import msgspec

from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.ids import SessionId
from schemas.ranges import Range, Ranges, add, missing, numbers, union
from schemas.session_events import State
from schemas.speech_events import ChunkRef, SpeakersIdentified
from streams.sessions.number_sets import Packed, adding, ranges_of
from streams.sessions.state import Rules, Session
from streams.view import View

BUCKET_MS = 60_000


class Bucket(msgspec.Struct, frozen=True):
    """The numbers of the chunks that touch one minute of the timeline, and the audio in it.

    References would make the row grow by each chunk, and it is written with each: 5,000 chunks of
    one minute were 1.5 GB. Rows of former versions have `chunks`, and the audio is in their
    Session. There it grew by each gap, and was written with each event of twelve hours.
    """

    chunks: tuple[ChunkRef, ...] = ()
    numbers: Packed = ()
    covered: Ranges = ()

    def adding(self, seq: int, audio: Range, bridge_ms: int) -> "Bucket":
        """Returns the bucket with that chunk, whose audio in this minute is `audio`."""
        covered = add(self.covered, *audio, bridge_ms)
        return Bucket(self.chunks, adding(self.numbers, seq), covered)


@dataclass(frozen=True)
class Recorded:
    """One session with its chunks: by number, and by the minutes of the timeline.

    `has_left`: the mark of an erased session is not needed any more. `said` are answers to the
    event that is handled, `identified` the speakers that it made known; neither is kept.
    """

    session: Session
    rules: Rules
    chunks: View[ChunkRef]
    minutes: View[Bucket]
    has_left: bool = False
    said: tuple[tuple[Topic, Event], ...] = ()
    identified: SpeakersIdentified | None = None

    @property
    def is_closed(self) -> bool:
        """Whether no window and no clip is made of its chunks any more."""
        return self.session.state is State.ERASED or self.session.is_text_gone

    def having(self, session: Session) -> "Recorded":
        """Returns the same with this session; itself when nothing is different."""
        return self if session is self.session else changed(self, session=session)

    def saying(self, *said: tuple[Topic, Event]) -> "Recorded":
        """Returns the same with these answers."""
        return changed(self, said=said)

    def having_chunk(self, chunk: ChunkRef) -> "Recorded":
        """Returns the same with this chunk, in all minutes that it touches."""
        session_id = self.session.session_id
        start_ms = chunk.start_ms
        end_ms = start_ms + chunk.duration_ms
        minutes = self.minutes
        for number in buckets_of(start_ms, end_ms):
            key = bucket_key(session_id, number)
            audio = max(start_ms, number * BUCKET_MS), min(end_ms, (number + 1) * BUCKET_MS)
            bucket = minutes.get(key) or Bucket()
            minutes = minutes.setting(key, bucket.adding(chunk.seq, audio, self.rules.bridge_ms))
        chunks = self.chunks.setting(chunk_key(session_id, chunk.seq), chunk)
        return changed(self, chunks=chunks, minutes=minutes)

    def has_audio(self, from_ms: int, to_ms: int) -> bool:
        """Returns whether [from_ms, to_ms) has no gap."""
        return not self.gaps(from_ms, to_ms)

    def gaps(self, from_ms: int, to_ms: int) -> Ranges:
        """Returns the milliseconds of [from_ms, to_ms) that no chunk covers."""
        bridge_ms = self.rules.bridge_ms
        parts = list(self.session.covered)
        # Audio a little beyond may be what bridges a silence at an end.
        for minute in buckets_of(max(0, from_ms - bridge_ms), to_ms + bridge_ms):
            bucket = self.minutes.get(bucket_key(self.session.session_id, minute))
            parts += bucket.covered if bucket else ()
        return missing(union(parts, bridge_ms), from_ms, to_ms)

    def chunks_of(self, from_ms: int, to_ms: int) -> tuple[ChunkRef, ...]:
        """Returns the chunks that have audio of [from_ms, to_ms), by number."""
        found: dict[int, ChunkRef] = {}
        last_ms = min(to_ms, self.session.newest_ms)
        for minute in buckets_of(max(0, from_ms), last_ms):
            for chunk in self._chunks_in(minute):
                end_ms = chunk.start_ms + chunk.duration_ms
                if chunk.start_ms < to_ms and end_ms > from_ms:
                    found[chunk.seq] = chunk
        return tuple(found[seq] for seq in sorted(found))

    def _chunks_in(self, minute: int) -> Iterator[ChunkRef]:
        session_id = self.session.session_id
        bucket = self.minutes.get(bucket_key(session_id, minute)) or Bucket()
        yield from bucket.chunks
        for seq in numbers(ranges_of(bucket.numbers)):
            chunk = self.chunks.get(chunk_key(session_id, seq))
            assert chunk is not None  # it is written with its number
            yield chunk


def session_key(session_id: SessionId) -> str:
    """Returns the table key of a Session."""
    return session_id


def chunk_key(session_id: SessionId, seq: int) -> str:
    """Returns the table key of one chunk's ChunkRef."""
    return f"{session_id}/seq/{seq}"


def bucket_key(session_id: SessionId, bucket: int) -> str:
    """Returns the table key of one minute's Bucket."""
    return f"{session_id}/{bucket}"


def session_of(key: str) -> SessionId | None:
    """Returns the session whose Session is at this key; None for keys of chunks and buckets."""
    return None if "/" in key else SessionId(key)


def buckets_of(start_ms: int, end_ms: int) -> range:
    """Returns the minutes that [start_ms, end_ms) touches. An empty span touches one."""
    last_ms = max(start_ms, end_ms - 1)
    return range(start_ms // BUCKET_MS, last_ms // BUCKET_MS + 1)

"""A session with its chunks, by number and by minute, and the keys that they are kept at."""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace as changed

import msgspec

from schemas.event import Event
from schemas.ids import SessionId
from schemas.ranges import Ranges, add, numbers
from schemas.session_events import State
from schemas.speech_events import ChunkRef, SpeakersIdentified
from schemas.topics import Topic
from streams.sessions.state import Rules, Session
from streams.view import View

BUCKET_MS = 60_000


class Bucket(msgspec.Struct, frozen=True):
    """The numbers of the chunks that touch one minute of the timeline.

    References would make the row grow by each chunk, and it is written with each: 5,000 chunks of
    one minute were 1.5 GB. Rows of former versions have `chunks`.
    """

    chunks: tuple[ChunkRef, ...] = ()
    numbers: Ranges = ()

    def adding(self, seq: int) -> "Bucket":
        """Returns the bucket with that chunk."""
        return Bucket(self.chunks, add(self.numbers, seq, seq + 1))


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
        for seq in numbers(bucket.numbers):
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

"""The audio of a window: chunks fetched, checked, decoded and laid on the timeline."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Protocol

from cachetools import LRUCache

from adapters.audio.answers import Decoded
from adapters.objects.store import BlobStore
from consumers.audio.decoder import Samples
from consumers.audio.placement import Placed, Timeline
from schemas.event import Pointer
from schemas.ids import SessionId
from schemas.limits import SECOND_MS
from schemas.object_kinds import CHUNK
from schemas.ranges import Ranges
from schemas.rejections import Reason, Rejected
from schemas.speech_events import ChunkRef

MOST_MS = 30 * 60 * SECOND_MS
"""Much more than a window with its margin."""
CACHED_CHUNKS = 8
"""Decoded chunks that stay in memory: neighbouring windows share them."""
MOST_CHUNKS = 300
"""Of one span: a window of thirty seconds in tenths of a second. Those behind are missing audio."""
UNREAD = frozenset({Reason.OBJECT_MISSING, Reason.OBJECT_DAMAGED})
"""Reasons for which a chunk is read anew the next time: its bytes may be there by then."""
GAPS = UNREAD | {Reason.UNDECODABLE_AUDIO, Reason.AUDIO_TOO_LONG}
"""Reasons for which a chunk is missing audio, and the window is worked on without it."""


class AudioDecoder(Protocol):
    """Port of `consumers.audio.decoder.Decoder`."""

    def decode(self, body: bytes) -> Decoded:
        """All sound of an upload. Blocking. Raises Rejected when there is none."""


class WindowAudio:
    """Loads audio. Blocking; not for use from two threads at once.

    A chunk that is missing, damaged or undecodable is a gap and raises nothing.
    """

    def __init__(self, blobs: BlobStore, decoder: AudioDecoder) -> None:
        self._blobs = blobs
        self._decoder = decoder
        self._decoded: LRUCache[Pointer, Decoded | None] = LRUCache(CACHED_CHUNKS)

    def load(
        self, session_id: SessionId, chunks: Sequence[ChunkRef], from_ms: int, to_ms: int
    ) -> tuple[Samples, Ranges]:
        """Samples of [from_ms, to_ms) and the missing spans in ms, on the session's timeline.

        Chunks may lie on each other: those without anything new are not decoded, and one at a time
        is held. Raises Rejected for a span that no window and no clip has: the memory would not
        hold it.
        """
        if not 0 <= to_ms - from_ms <= MOST_MS:
            raise Rejected(Reason.MALFORMED_EVENT, f"a span of {to_ms - from_ms} ms")
        timeline = Timeline(from_ms, to_ms)
        left = MOST_CHUNKS
        for chunk in sorted(chunks, key=attrgetter("seq")):
            if left and timeline.lacks(chunk.start_ms, chunk.duration_ms):
                timeline.lay(self._placed(session_id, chunk))
                left -= 1
        return timeline.laid()

    def _placed(self, session_id: SessionId, chunk: ChunkRef) -> Placed:
        decoded = self._chunk(session_id, chunk)
        if decoded is None:
            return Placed(chunk.seq, chunk.start_ms, chunk.duration_ms, None)
        samples, missing = decoded.placed(chunk.duration_ms)
        return Placed(chunk.seq, chunk.start_ms, chunk.duration_ms, samples, missing)

    def _chunk(self, session_id: SessionId, chunk: ChunkRef) -> Decoded | None:
        key = CHUNK.key(session_id=session_id, seq=chunk.seq, sha256=chunk.sha256)
        pointer = Pointer(key=key, sha256=chunk.sha256, size=0)
        if pointer in self._decoded:
            return self._decoded[pointer]
        decoded: Decoded | None = None
        try:
            decoded = self._decoder.decode(self._blobs.get(pointer))
        except Rejected as error:
            if error.reason not in GAPS:
                raise
            if error.reason in UNREAD:
                return None
        self._decoded[pointer] = decoded
        return decoded

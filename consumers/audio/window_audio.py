"""The audio of a window: fetched, checked, decoded, placed. Keeps the last chunks, which neighbours share."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol

from adapters.objects.store import BlobStore
from consumers.audio.decoder import Samples
from consumers.audio.placement import Placed, lay
from schemas.event import Pointer
from schemas.object_kinds import CHUNK
from schemas.ranges import Ranges
from schemas.rejections import Reason, Rejected
from schemas.speech_events import ChunkRef

KEPT_CHUNKS = 8


class AudioDecoder(Protocol):
    """Port of `consumers.audio.decoder.Decoder`."""

    def decode(self, body: bytes) -> Samples:
        """Float32 mono 16 kHz; Rejected when it cannot be."""


class WindowAudio:
    """Blocking. A chunk that is missing, damaged or undecodable leaves a named hole and raises nothing."""

    def __init__(self, blobs: BlobStore, decoder: AudioDecoder) -> None:
        self._blobs, self._decoder = blobs, decoder
        self._kept: OrderedDict[tuple[str, int, str], Samples | None] = OrderedDict()

    def load(
        self, session_id: str, chunks: Sequence[ChunkRef], from_ms: int, to_ms: int
    ) -> tuple[Samples, Ranges]:
        """Samples of [from_ms, to_ms) and the spans that could not be heard, both on the session's timeline."""
        placed = [
            Placed(c.seq, c.start_ms, c.duration_ms, self._chunk(session_id, c)) for c in chunks
        ]
        return lay(placed, from_ms, to_ms)

    def _chunk(self, session_id: str, chunk: ChunkRef) -> Samples | None:
        name = (session_id, chunk.seq, chunk.sha256)
        if name not in self._kept:
            key = CHUNK.key(session_id=session_id, seq=chunk.seq, sha256=chunk.sha256)
            self._kept[name] = self._decoded(key, chunk.sha256)
            while len(self._kept) > KEPT_CHUNKS:
                self._kept.popitem(last=False)
        return self._kept[name]

    def _decoded(self, key: str, sha256: str) -> Samples | None:
        try:
            return self._decoder.decode(self._blobs.get(Pointer(key=key, sha256=sha256, size=0)))
        except Rejected as error:
            if error.reason in (
                Reason.UNDECODABLE_AUDIO,
                Reason.AUDIO_TOO_LONG,
                Reason.OBJECT_MISSING,
                Reason.OBJECT_DAMAGED,
            ):
                return None
            raise

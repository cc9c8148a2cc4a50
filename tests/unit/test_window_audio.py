"""Chunks of a window from the object store: what is not there is a gap until it is there."""

import hashlib
import tracemalloc
from collections.abc import Sequence

import numpy as np
import pytest

from adapters.audio.answers import Decoded
from consumers.audio.window_audio import CACHED_CHUNKS, MOST_CHUNKS, WindowAudio
from schemas.audio import SAMPLE_RATE
from schemas.ids import SessionId
from schemas.object_kinds import CHUNK
from schemas.ranges import Ranges
from schemas.speech_events import ChunkRef
from tests.fakes import Silence
from tests.memory_blob_store import MemoryBlobStore

SESSION = SessionId("s")
BODY = b"thirty seconds"
REF = ChunkRef(seq=0, sha256=hashlib.sha256(BODY).hexdigest(), start_ms=0, duration_ms=30_000)
KEY = CHUNK.key(session_id=SESSION, seq=0, sha256=REF.sha256)
WHOLE = ((0, 30_000),)


@pytest.mark.parametrize("stored", [None, b"other bytes"])
def test_a_chunk_that_came_back_is_heard_by_the_worker_that_missed_it(stored: bytes | None) -> None:
    """An operator brings the bytes back, or a read fails once: the window is worked on again."""
    blobs = MemoryBlobStore()
    if stored is not None:
        blobs.put(KEY, stored, CHUNK.content_type)
    audio = WindowAudio(blobs, Silence())
    assert audio.load(SESSION, [REF], 0, 30_000)[1] == WHOLE
    blobs.put(KEY, BODY, CHUNK.content_type)
    assert audio.load(SESSION, [REF], 0, 30_000)[1] == ()


class Tone:
    """A decoder for which every chunk is a second of sound. It counts what it is asked for."""

    def __init__(self) -> None:
        self.asked = 0

    def decode(self, body: bytes) -> Decoded:
        self.asked += 1
        return Decoded(0, (), np.full(SAMPLE_RATE, 0.1, np.float32).tobytes())


def heard(starts_ms: Sequence[int]) -> tuple[int, Ranges, int]:
    """Chunks that were decoded, missing spans of the first two seconds, most bytes in memory."""
    blobs = MemoryBlobStore()
    refs: list[ChunkRef] = []
    for seq, start_ms in enumerate(starts_ms):
        body = str(seq).encode()
        digest = hashlib.sha256(body).hexdigest()
        blobs.put(CHUNK.key(session_id=SESSION, seq=seq, sha256=digest), body, "")
        refs.append(ChunkRef(seq=seq, sha256=digest, start_ms=start_ms, duration_ms=1_000))
    decoder = Tone()
    audio = WindowAudio(blobs, decoder)
    tracemalloc.start()
    _, missing = audio.load(SESSION, refs, 0, 2_000)
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return decoder.asked, missing, most_bytes


def test_chunks_that_lie_on_others_are_not_decoded() -> None:
    """Before, two thousand of two minutes each took all memory, and the stage with it."""
    asked, missing, _ = heard([0] * 200)
    assert (asked, missing) == (1, ((1_000, 2_000),))


def test_one_chunk_at_a_time_is_in_memory() -> None:
    asked, missing, most_bytes = heard(range(0, 1_000, 5))
    assert (asked, missing) == (200, ((1_995, 2_000),))
    of_a_chunk = 4 * SAMPLE_RATE
    assert most_bytes < 2 * (CACHED_CHUNKS + 4) * of_a_chunk


def test_the_work_on_one_window_has_an_end() -> None:
    asked, missing, _ = heard(range(1_000))
    assert asked == MOST_CHUNKS
    assert missing == ((MOST_CHUNKS + 999, 2_000),)

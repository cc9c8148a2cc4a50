"""Chunks of a window from the object store: what is not there is a gap until it is there."""

import hashlib

import pytest

from consumers.audio.window_audio import WindowAudio
from schemas.ids import SessionId
from schemas.object_kinds import CHUNK
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

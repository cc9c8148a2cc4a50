"""Objects behind the golden examples.

Every pointer of an example leads to an object that its reader can read.
"""

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
from msgspec.structs import replace

from adapters.objects.lexicons import shipped_lexicon
from adapters.objects.store import put_by_digest
from consumers.voices.diarization import Voices
from schemas.codec import encode
from schemas.event import Event, Pointer
from schemas.ids import SpeakerLabel
from schemas.object_kinds import (
    ATTRIBUTED_WORDS,
    CHUNK,
    MANIFEST,
    TRANSCRIBED_WORDS,
    TURNS,
    VOICES,
    ObjectKind,
)
from schemas.objects import (
    AttributedWord,
    AttributedWords,
    TranscribedWord,
    TranscribedWords,
    Turn,
    Turns,
    Voiceprint,
    VoicesManifest,
)
from schemas.speech_events import ChunkRef, ClipOrder
from tests.memory_blob_store import MemoryBlobStore

SESSION = "0197a3c2-5e1b-7c44-9b1e-3f6f0c2d9a10"
"""The session of every example."""

SHIPPED = shipped_lexicon()
SAID = "can lah but so expensive leh".split()
FIRST = SpeakerLabel("S1")
SECOND = SpeakerLabel("S2")
AUDIO = b"an uploaded chunk"


def heard() -> bytes:
    """Return the words of one window, half a second each."""
    spans = [(n * 500, n * 500 + 400) for n in range(len(SAID))]
    words = [
        TranscribedWord(text=text, start_ms=start, end_ms=end, probability=0.9)
        for text, (start, end) in zip(SAID, spans, strict=True)
    ]
    return encode(TranscribedWords(words=tuple(words)))


def attributed() -> bytes:
    """Return the same words, said by two speakers in turn."""
    words = [
        AttributedWord(
            text=text,
            start_ms=n * 500,
            end_ms=n * 500 + 400,
            probability=0.9,
            speaker=(FIRST, SECOND)[n % 2],
        )
        for n, text in enumerate(SAID)
    ]
    return encode(AttributedWords(words=tuple(words)))


def turns() -> bytes:
    """Return two speakers, one after the other."""
    found = (
        Turn(speaker=FIRST, start_ms=0, end_ms=1500),
        Turn(speaker=SECOND, start_ms=1500, end_ms=9000),
    )
    prints = (
        Voiceprint(label=FIRST, centroid=(1.0, 0.0)),
        Voiceprint(label=SECOND, centroid=(0.0, 1.0)),
    )
    return encode(Turns(turns=found, exclusive=found, voiceprints=prints, next_label=3))


def voices() -> bytes:
    """Return two chunks of the grid. One of two local speakers talks in each."""
    activity = np.zeros((2, 50, 2), np.float32)
    activity[0, :, 0] = 1
    activity[1, :, 1] = 1
    embeddings = np.array([[[1, 0], [0, 1]], [[1, 0], [0, 1]]], np.float32)
    return Voices(activity, embeddings).to_bytes()


def _manifest(blobs: MemoryBlobStore) -> bytes:
    window = put_by_digest(blobs, VOICES, voices(), session_id=SESSION, window=0)
    return encode(
        VoicesManifest(total_ms=40_000, window_ms=20_000, voices=(window, None), former=None)
    )


BODIES: dict[tuple[str, str], tuple[ObjectKind, Callable[[], bytes]]] = {
    ("WindowTranscribed", "result"): (TRANSCRIBED_WORDS, heard),
    ("WindowVoiced", "result"): (VOICES, voices),
    ("SpeakersIdentified", "turns"): (TURNS, turns),
    ("ProvisionalSpeakersIdentified", "turns"): (TURNS, turns),
    ("WordsAttributed", "words"): (ATTRIBUTED_WORDS, attributed),
    ("ProvisionalWordsAttributed", "words"): (ATTRIBUTED_WORDS, attributed),
}
"""The object behind a pointer, by event and field."""


def backed(event: Event, blobs: MemoryBlobStore) -> Event:
    """Return the example with its pointers and chunks in `blobs`, and the shipped lexicon."""
    changes: dict[str, Any] = {}
    for field in event.__struct_fields__:
        value = getattr(event, field)
        if isinstance(value, Pointer):
            changes[field] = _object(type(event).__name__, field, blobs)
        elif field == "lexicon":
            changes[field] = SHIPPED.version
        elif field == "chunks" and isinstance(value, tuple):
            changes[field] = tuple(_chunk(chunk, blobs) for chunk in value)
        elif field == "clips" and value and isinstance(value[0], ClipOrder):
            changes[field] = tuple(_clip(clip, blobs) for clip in value)
    return replace(event, event_id="", **changes) if changes else event


def _object(event: str, field: str, blobs: MemoryBlobStore) -> Pointer:
    if field == "manifest":
        return put_by_digest(blobs, MANIFEST, _manifest(blobs), session_id=SESSION, generation=1)
    kind, body = BODIES[(event, field)]
    numbers = {name: 1 for name in kind.fields if name not in ("session_id", "sha256")}
    return put_by_digest(blobs, kind, body(), session_id=SESSION, **numbers)


def _chunk(chunk: ChunkRef, blobs: MemoryBlobStore) -> ChunkRef:
    digest = hashlib.sha256(AUDIO).hexdigest()
    key = CHUNK.key(session_id=SESSION, seq=chunk.seq, sha256=digest)
    blobs.put(key, AUDIO, CHUNK.content_type)
    return replace(chunk, sha256=digest)


def _clip(clip: ClipOrder, blobs: MemoryBlobStore) -> ClipOrder:
    start = clip.chunks[0].start_ms
    chunks = tuple(_chunk(chunk, blobs) for chunk in clip.chunks)
    return replace(clip, span=(start, start + 2_000), chunks=chunks)

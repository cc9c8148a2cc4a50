"""Hear a window with its margins, keep the words whose midpoint it owns."""

from collections.abc import Sequence
from typing import Protocol

from adapters.clock import Clock
from adapters.object_store import BlobStore
from consumers.audio.decoder import Samples
from consumers.audio.window_audio import WindowAudio
from consumers.runtime.window_step import WindowStep
from schemas import topics
from schemas.codec import encode
from schemas.objects import HeardWord, HeardWords
from schemas.ranges import Ranges, clip
from schemas.speech_events import WindowReady, WindowTranscribed

MARGIN_MS = 5_000
"""With a 20 s window this fills Whisper's 30 s (findings, windows)."""


class Listener(Protocol):
    """Port of `consumers.transcribe.hearing.Hearing`."""

    def hear(self, samples: Samples, offset_ms: int) -> list[HeardWord]:
        """Words on the session's timeline."""


def owned(words: Sequence[HeardWord], start_ms: int, end_ms: int) -> tuple[HeardWord, ...]:
    """Words whose midpoint lies in [start_ms, end_ms): each word belongs to exactly one window."""
    return tuple(w for w in words if start_ms <= (w.start_ms + w.end_ms) / 2 < end_ms)


class Transcribe(WindowStep):
    """JSON of HeardWords under `sessions/{session}/words/`, so that erasing the text is deleting a prefix."""

    name = "transcribe"
    answers_on = topics.TRANSCRIBED
    result_type = WindowTranscribed
    content_type = "application/json"
    suffix = ".json"

    def __init__(self, blobs: BlobStore, clock: Clock, model: str, audio: WindowAudio, listener: Listener) -> None:
        super().__init__(blobs, clock, model)
        self._audio, self._listener = audio, listener

    def work(self, window: WindowReady) -> tuple[bytes, Ranges]:
        """HeardWords of the window."""
        from_ms = max(window.hears_from_ms, window.start_ms - MARGIN_MS)
        to_ms = min(window.hears_to_ms, window.end_ms + MARGIN_MS)
        samples, missing = self._audio.load(window.session_id, window.chunks, from_ms, to_ms)
        words = owned(self._listener.hear(samples, from_ms), window.start_ms, window.end_ms)
        return encode(HeardWords(words=words)), clip(missing, window.start_ms, window.end_ms)

    def stem(self, window: WindowReady) -> str:
        """Named by digest."""
        return f"sessions/{window.session_id}/words/heard-{window.window:06d}"

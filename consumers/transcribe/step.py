"""Hear a window for itself alone, from one quiet place to the next."""

from typing import Protocol

from adapters.clock import Clock
from adapters.object_store import BlobStore
from consumers.audio.decoder import Samples
from consumers.audio.window_audio import WindowAudio
from consumers.runtime.window_step import WindowStep
from consumers.transcribe.cutting import MARGIN_MS, PER_MS, REACH_MS, stretch
from schemas import topics
from schemas.codec import encode
from schemas.objects import HeardWord, HeardWords
from schemas.ranges import Ranges, clip
from schemas.speech_events import WindowReady, WindowTranscribed


class Listener(Protocol):
    """Port of `consumers.transcribe.hearing.Hearing`."""

    def hear(self, samples: Samples, offset_ms: int) -> list[HeardWord]:
        """Words on the session's timeline."""


def hear(listener: Listener, samples: Samples, from_ms: int, start_ms: int, end_ms: int, is_last: bool) -> tuple[HeardWord, ...]:
    """Words of the window [start_ms, end_ms), its borders moved back to quiet places of `samples`, which begin at `from_ms`.

    A word belongs to the window that holds its midpoint; two neighbours move their border alike, so each word has one.
    """
    start, end = stretch(samples, from_ms, start_ms, end_ms, is_last)
    first = max(from_ms, start - MARGIN_MS)
    words = listener.hear(samples[(first - from_ms) * PER_MS : (end + MARGIN_MS - from_ms) * PER_MS], first)
    return tuple(w for w in words if start <= (w.start_ms + w.end_ms) / 2 < end)


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
        from_ms = max(window.hears_from_ms, window.start_ms - REACH_MS)
        samples, missing = self._audio.load(window.session_id, window.chunks, from_ms, window.end_ms)
        words = hear(self._listener, samples, from_ms, window.start_ms, window.end_ms, window.session_end_ms is not None)
        return encode(HeardWords(words=words)), clip(missing, window.start_ms, window.end_ms)

    def stem(self, window: WindowReady) -> str:
        """Named by digest."""
        return f"sessions/{window.session_id}/words/heard-{window.window:06d}"

"""Hear windows, each from one quiet place to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from adapters.objects.store import BlobStore
from adapters.process.clock import Clock
from consumers.audio.decoder import Samples
from consumers.audio.window_audio import WindowAudio
from consumers.runtime.window_step import WindowStep
from consumers.transcribe.speech_spans import stretch
from consumers.transcribe.transcriber import Stretch
from schemas import topics
from schemas.audio import CUT_MARGIN_MS, CUT_REACH_MS, SAMPLES_PER_MS
from schemas.codec import encode
from schemas.object_kinds import TRANSCRIBED_WORDS
from schemas.objects import HeardWord, HeardWords
from schemas.ranges import Ranges, clip
from schemas.speech_events import WindowReady, WindowTranscribed


class Listener(Protocol):
    """Port of `consumers.transcribe.transcriber.Hearing`."""

    def hear(self, batch: Sequence[Stretch]) -> list[list[HeardWord]]:
        """Words of each stretch on its session's timeline."""


@dataclass(frozen=True)
class Owned:
    """What is heard for a window, and which words are its own: those whose midpoint lies in [start_ms, end_ms)."""

    stretch: Stretch
    start_ms: int
    end_ms: int


def own(samples: Samples, from_ms: int, start_ms: int, end_ms: int, is_last: bool) -> Owned:
    """The window [start_ms, end_ms), its borders moved back to quiet places of `samples`, which begin at `from_ms`.

    Two neighbours move the border between them alike, so each word belongs to one window.
    """
    start, end = stretch(samples, from_ms, start_ms, end_ms, is_last)
    first = max(from_ms, start - CUT_MARGIN_MS)
    return Owned(
        Stretch(
            samples[
                (first - from_ms) * SAMPLES_PER_MS : (end + CUT_MARGIN_MS - from_ms)
                * SAMPLES_PER_MS
            ],
            first,
        ),
        start,
        end,
    )


def hear(listener: Listener, batch: Sequence[Owned]) -> list[tuple[HeardWord, ...]]:
    """The own words of each window."""
    heard = listener.hear([window.stretch for window in batch])
    return [
        tuple(w for w in words if o.start_ms <= (w.start_ms + w.end_ms) / 2 < o.end_ms)
        for o, words in zip(batch, heard, strict=True)
    ]


class Transcribe(WindowStep[Owned]):
    """JSON of HeardWords of each window."""

    name = "transcribe"
    answers_on = topics.TRANSCRIBED
    result_type = WindowTranscribed
    kind = TRANSCRIBED_WORDS

    def __init__(
        self,
        blobs: BlobStore,
        clock: Clock,
        model: str,
        audio: WindowAudio,
        listener: Listener,
        batch_size: int = 1,
    ) -> None:
        super().__init__(blobs, clock, model)
        self._audio, self._listener, self.batch_size = audio, listener, batch_size

    def prepare(self, window: WindowReady) -> tuple[Owned, Ranges]:
        """The window between its quiet places."""
        from_ms = max(window.hears_from_ms, window.start_ms - CUT_REACH_MS)
        samples, missing = self._audio.load(
            window.session_id, window.chunks, from_ms, window.end_ms
        )
        owned = own(
            samples, from_ms, window.start_ms, window.end_ms, window.session_end_ms is not None
        )
        return owned, clip(missing, window.start_ms, window.end_ms)

    def work(self, ready: Sequence[Owned]) -> list[bytes]:
        """HeardWords of each window; one pass of the model over all of them."""
        return [encode(HeardWords(words=words)) for words in hear(self._listener, ready)]

"""Speech between two pauses, in pieces of a second or two, and whose voice each sounds like: a second opinion on who spoke.

A diarization chunk is ten seconds long; who answers in one for a second, after a quarter of a second of silence, may be taken for
the one who spoke before. The answer heard by itself tells them apart (docs/adr/0010).
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from consumers.audio.decoder import Samples
from consumers.voices.embeddings import Array
from schemas.audio import SAMPLE_RATE

PAUSE_MS, PAD_MS, LEAST_MS = 100, 30, 300
"""Silence that ends an utterance; what is left of it on both sides; shorter ones (a breath, a click) have no voice to speak of."""
PIECE_MS = 1_500
"""Long ones are cut evenly into pieces of about this, for people who answer without a pause; 1 to 2 s give the same (docs/adr/0010)."""
FRAME = 512
"""Samples that Silero judges at a time: all windows look at the same ones, so that they find the same pauses."""


@dataclass(frozen=True)
class Utterances:
    """Pieces of utterances. `spans` (n, 2): start and end in ms, in order of time; `embeddings` (n, dimension): the voice of each, unscaled."""

    spans: Array
    embeddings: Array

    def __len__(self) -> int:
        return len(self.spans)

    def moved(self, by_ms: int) -> "Utterances":
        """The same, `by_ms` later."""
        return Utterances(self.spans + by_ms, self.embeddings)


NONE = Utterances(np.zeros((0, 2), np.int64), np.zeros((0, 0), np.float32))


def heard(pipeline: Any, samples: Samples, start_ms: int, ends_ms: tuple[int, int]) -> Utterances:
    """Pieces of what is said in `samples` (16 kHz mono, from `start_ms` of the session on): of utterances that end in (first, second] of `ends_ms`.

    All times but `start_ms` count from the first sample. Blocking: models run here.
    """
    found = between_pauses(samples, -start_ms * SAMPLE_RATE // 1000 % FRAME)
    owned = [
        (start, end)
        for start, end in found
        if ends_ms[0] < end <= ends_ms[1] and end - start >= LEAST_MS
    ]
    spans = [piece for utterance in owned for piece in pieces(*utterance)]
    if not spans:
        return NONE
    voices = [
        _embedding(pipeline, samples[start * SAMPLE_RATE // 1000 : end * SAMPLE_RATE // 1000])
        for start, end in spans
    ]
    return Utterances(np.array(spans, np.int64), np.stack(voices))


def pieces(start_ms: int, end_ms: int) -> list[tuple[int, int]]:
    """The span, cut evenly."""
    count = max(1, round((end_ms - start_ms) / PIECE_MS))
    edges = [start_ms + (end_ms - start_ms) * n // count for n in range(count + 1)]
    return list(pairwise(edges))


def between_pauses(samples: Samples, skipped: int = 0) -> list[tuple[int, int]]:
    """Start and end, ms, of what is said without a pause, after the first `skipped` samples."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    found = get_speech_timestamps(
        samples[skipped:], VadOptions(min_silence_duration_ms=PAUSE_MS, speech_pad_ms=PAD_MS)
    )
    return [
        (
            (skipped + span["start"]) * 1000 // SAMPLE_RATE,
            (skipped + span["end"]) * 1000 // SAMPLE_RATE,
        )
        for span in found
    ]


def _embedding(pipeline: Any, samples: Samples) -> Array:
    import torch

    [found] = pipeline._embedding(torch.from_numpy(np.ascontiguousarray(samples))[None, None])  # noqa: SLF001 - pyannote's own, as its `get_embeddings` calls it
    return np.asarray(found, np.float32)

"""Utterances: speech between two pauses, in pieces of a second or two, with an embedding each.

They are a second opinion on who spoke. A diarization chunk is ten seconds long. Somebody who
answers in it for a second, after a quarter of a second of silence, may be taken for the person who
spoke before. The embedding of the answer alone tells them apart (docs/adr/0010).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from consumers.audio.decoder import Samples
from consumers.voices.embeddings import Array
from schemas.audio import SAMPLE_RATE, SAMPLES_PER_MS

BETWEEN_UTTERANCES_MS = 100
"""Silence that ends an utterance."""
PAD_MS = 30
"""Silence that stays on both sides of it."""
LEAST_MS = 300
"""Shorter sounds (a breath, a click) have no voice to compare."""
PIECE_MS = 1_500
"""Long utterances are cut evenly into pieces of about this, for people who answer without a pause.

1 to 2 s give the same result (docs/adr/0010).
"""
FRAME = 512
"""Samples that Silero judges at a time.

All windows of a session look at the same frames, so that they find the same pauses.
"""
SILENT_DBFS = -120.0
"""The level of digital silence."""
SpanMs = tuple[int, int]
"""[start, end) in milliseconds."""


@dataclass(frozen=True)
class Utterances:
    """Pieces of utterances, in order of time.

    `spans`: shape (n, 2), start and end in ms. `embeddings`: shape (n, dimension), not scaled.
    `levels`: shape (n, 2), root mean square and peak in dBFS.
    """

    spans: Array
    embeddings: Array
    levels: Array

    def __len__(self) -> int:
        return len(self.spans)

    def moved(self, by_ms: int) -> "Utterances":
        """The same, `by_ms` later."""
        return Utterances(self.spans + by_ms, self.embeddings, self.levels)

    def at(self, order: Array) -> "Utterances":
        """The utterances with these numbers, in this order."""
        return Utterances(self.spans[order], self.embeddings[order], self.levels[order])


NONE = Utterances(
    np.zeros((0, 2), np.int64), np.zeros((0, 0), np.float32), np.zeros((0, 2), np.float32)
)


def find_utterances(
    embed: Callable[[Sequence[Samples]], Array], samples: Samples, start_ms: int, ends_ms: SpanMs
) -> Utterances:
    """Utterances that end in (first, second] of `ends_ms`. Blocking: models run here.

    `samples` (16 kHz mono) begin at `start_ms` of the session; all other times count from the
    first sample. `embed` gives the embeddings, shape (n, dimension), of n pieces of audio.
    """
    after, until = ends_ms
    spans: list[SpanMs] = []
    for start, end in between_pauses(samples, _to_next_frame(start_ms)):
        if after < end <= until and end - start >= LEAST_MS:
            spans += pieces(start, end)
    if not spans:
        return NONE
    parts = [_cut(samples, span) for span in spans]
    levels = [_levels(part) for part in parts]
    return Utterances(np.array(spans, np.int64), embed(parts), np.array(levels, np.float32))


def _to_next_frame(at_ms: int) -> int:
    """Samples from a moment of the session to the next frame that begins there or later."""
    into_frame = at_ms * SAMPLES_PER_MS % FRAME
    return (FRAME - into_frame) % FRAME


def _cut(samples: Samples, span: SpanMs) -> Samples:
    start, end = span
    return samples[start * SAMPLE_RATE // 1000 : end * SAMPLE_RATE // 1000]


def _levels(samples: Samples) -> tuple[float, float]:
    """The mean level and the peak, dBFS."""
    peak = np.abs(samples).max(initial=0)
    return _dbfs(_rms(samples)), _dbfs(peak)


def _rms(samples: Samples) -> float:
    power = np.mean(np.square(samples, dtype=np.float64))
    return float(np.sqrt(power))


def _dbfs(amplitude: float) -> float:
    level_db = 20 * float(np.log10(max(amplitude, 1e-12)))
    return max(SILENT_DBFS, level_db)


def pieces(start_ms: int, end_ms: int) -> list[SpanMs]:
    """The span, cut evenly."""
    length_ms = end_ms - start_ms
    count = max(1, round(length_ms / PIECE_MS))
    edges = [start_ms + length_ms * n // count for n in range(count + 1)]
    return list(pairwise(edges))


def pauses(spans: Sequence[SpanMs], beyond_ms: int) -> list[int]:
    """The pause before each span, then the one after the last, ms; 0 where two overlap.

    `spans` are in order of time. Nobody knows the pauses at both ends: they are `beyond_ms`.
    """
    between = [max(0, start - end) for (_, end), (start, _) in pairwise(spans)]
    return [beyond_ms, *between, beyond_ms]


def between_pauses(samples: Samples, skipped: int = 0) -> Iterator[SpanMs]:
    """Speech without a pause, after the first `skipped` samples. Runs the speech detector."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(min_silence_duration_ms=BETWEEN_UTTERANCES_MS, speech_pad_ms=PAD_MS)
    for span in get_speech_timestamps(samples[skipped:], options):
        start = skipped + span["start"]
        end = skipped + span["end"]
        yield start * 1000 // SAMPLE_RATE, end * 1000 // SAMPLE_RATE

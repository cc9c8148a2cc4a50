"""Where audio is cut, where speech is, and which speech has no word."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from consumers.audio.decoder import Samples
from schemas.audio import CUT_REACH_MS, SAMPLE_RATE, SAMPLES_PER_MS

FRAME = SAMPLE_RATE // 50
QUIET_FRAMES = 20
"""0.4 s: longer than the closure of a stop within a word, shorter than a pause between turns."""


def quietest(samples: Samples, first: int, last: int) -> int:
    """The middle of the quietest 0.4 s between two sample indices; their middle when they are no further apart."""
    part = samples[first : first + max(0, last - first) // FRAME * FRAME].reshape(-1, FRAME)
    if len(part) <= QUIET_FRAMES:
        return (first + last) // 2
    energy = np.convolve((part**2).mean(axis=1), np.ones(QUIET_FRAMES), mode="valid")
    return first + (int(np.argmin(energy)) + QUIET_FRAMES // 2) * FRAME


def stretch(
    samples: Samples, from_ms: int, start_ms: int, end_ms: int, is_last: bool
) -> tuple[int, int]:
    """What the window [start_ms, end_ms) hears for itself alone, moved back to quiet places, on the session's timeline.

    `samples` begin at `from_ms` and end with the window. The session's first and last moments are no borders: nothing moves there.
    """
    start = _moved(samples, from_ms, start_ms) if from_ms < start_ms else start_ms
    return start, max(start, end_ms if is_last else _moved(samples, from_ms, end_ms))


def _moved(samples: Samples, from_ms: int, border_ms: int) -> int:
    first = max(from_ms, border_ms - CUT_REACH_MS)
    return (
        from_ms
        + quietest(
            samples, (first - from_ms) * SAMPLES_PER_MS, (border_ms - from_ms) * SAMPLES_PER_MS
        )
        // SAMPLES_PER_MS
    )


Span = tuple[float, float]
"""[start, end) in seconds."""


class Packed:
    """`samples`: the speech of a stretch of audio, run together; `speech`: where it was."""

    def __init__(self, samples: Samples) -> None:
        from faster_whisper.vad import SpeechTimestampsMap, get_speech_timestamps

        # Silero, as faster-whisper has it: silences of 2 s and more go, 0.4 s around speech stay.
        found = get_speech_timestamps(samples)
        self.speech: list[Span] = [
            (span["start"] / SAMPLE_RATE, span["end"] / SAMPLE_RATE) for span in found
        ]
        self.samples: Samples = np.concatenate(
            [np.zeros(0, np.float32), *(samples[span["start"] : span["end"]] for span in found)]
        )
        self._map = SpeechTimestampsMap(found, SAMPLE_RATE)

    def unpacked(self, words: Sequence[Span]) -> list[Span]:
        """Times in the packed samples as times in the original ones; both ends of a word in the stretch of its middle."""
        return [
            self._original(start, end, self._map.get_chunk_index((start + end) / 2))
            for start, end in words
        ]

    def _original(self, start: float, end: float, chunk: int) -> Span:
        return self._map.get_original_time(start, chunk), self._map.get_original_time(end, chunk)


GAP_S = 1.5
"""Speech for this long without a word was skipped; shorter holes are breath, laughter, or the aligner's."""
LONGEST_WORD_S = 1.0
"""The aligner stretches the word beside a skipped passage over all of it; a longer word covers this much, from its end."""


def uncovered(speech: Sequence[Span], words: Sequence[Span], least_s: float = GAP_S) -> list[Span]:
    """Parts of `speech` of at least `least_s` that no word covers, in order."""
    held = sorted((max(start, end - LONGEST_WORD_S), end) for start, end in words)
    found: list[Span] = []
    for start, end in speech:
        edges = [
            (start, start),
            *(word for word in held if word[1] > start and word[0] < end),
            (end, end),
        ]
        reached = start
        for before, after in pairwise(edges):
            reached = max(reached, before[1])
            if after[0] - reached >= least_s:
                found.append((reached, after[0]))
    return found

"""Speech without the long silences, which recognisers fill with invented words, and the way back to the real times."""

from collections.abc import Sequence

import numpy as np

from consumers.audio.decoder import Samples
from consumers.audio.decoding_child import RATE

Span = tuple[float, float]
"""[start, end) in seconds."""


class Packed:
    """`samples`: the speech of a stretch of audio, run together; `speech`: where it was."""

    def __init__(self, samples: Samples) -> None:
        from faster_whisper.vad import SpeechTimestampsMap, get_speech_timestamps

        # Silero, as faster-whisper has it: silences of 2 s and more go, 0.4 s around speech stay.
        found = get_speech_timestamps(samples)
        self.speech: list[Span] = [(span["start"] / RATE, span["end"] / RATE) for span in found]
        self.samples: Samples = np.concatenate(
            [np.zeros(0, np.float32), *(samples[span["start"] : span["end"]] for span in found)]
        )
        self._map = SpeechTimestampsMap(found, RATE)

    def unpacked(self, words: Sequence[Span]) -> list[Span]:
        """Times in the packed samples as times in the original ones; both ends of a word in the stretch of its middle."""
        return [
            self._original(start, end, self._map.get_chunk_index((start + end) / 2))
            for start, end in words
        ]

    def _original(self, start: float, end: float, chunk: int) -> Span:
        return self._map.get_original_time(start, chunk), self._map.get_original_time(end, chunk)

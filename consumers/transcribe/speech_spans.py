"""Where audio is cut, where speech is, and which speech has no word."""

from collections.abc import Iterator, Sequence

import numpy as np

from consumers.audio.decoder import Samples
from schemas.audio import CUT_REACH_MS, SAMPLE_RATE, SAMPLES_PER_MS

Span = tuple[float, float]
"""[start, end) in seconds."""
FRAME = SAMPLE_RATE // 50
"""Samples of one energy frame: 20 ms."""
QUIET_FRAMES = 20
"""0.4 s: longer than the closure of a stop within a word, shorter than a pause between turns."""
GAP_S = 1.5
"""Speech for this long without a word was skipped. Shorter gaps are breath or laughter."""
LONGEST_WORD_S = 1.0
"""The aligner stretches the word beside a skipped passage over all of it.

A longer word therefore covers only this much, counted back from its end.
"""


def quietest_index(samples: Samples, first: int, last: int) -> int:
    """Index of the middle of the quietest 0.4 s between two sample indices.

    Returns the middle of the two indices when they are no further apart than that.
    """
    whole_frames = max(0, last - first) // FRAME
    frames = samples[first : first + whole_frames * FRAME].reshape(-1, FRAME)
    if len(frames) <= QUIET_FRAMES:
        return (first + last) // 2
    power = (frames**2).mean(axis=1)
    energy = np.convolve(power, np.ones(QUIET_FRAMES), mode="valid")
    quietest = int(np.argmin(energy))
    return first + (quietest + QUIET_FRAMES // 2) * FRAME


def quiet_bounds(
    samples: Samples, from_ms: int, start_ms: int, end_ms: int, is_last: bool
) -> tuple[int, int]:
    """The window [start_ms, end_ms) with both borders moved back to quiet places, ms.

    `samples` begin at `from_ms` of the session and end with the window. The first and last
    moments of a session are no borders and do not move. Two neighbours search the same audio
    for the border between them, so they move it alike.
    """
    is_first = from_ms >= start_ms
    if not is_first:
        start_ms = _moved_back(samples, from_ms, start_ms)
    if not is_last:
        end_ms = _moved_back(samples, from_ms, end_ms)
    return start_ms, max(start_ms, end_ms)


def _moved_back(samples: Samples, from_ms: int, border_ms: int) -> int:
    search_ms = max(from_ms, border_ms - CUT_REACH_MS)
    first = (search_ms - from_ms) * SAMPLES_PER_MS
    last = (border_ms - from_ms) * SAMPLES_PER_MS
    quietest = quietest_index(samples, first, last)
    return from_ms + quietest // SAMPLES_PER_MS


class PackedSpeech:
    """The speech of a stretch of audio without its long silences.

    Recognisers fill long silences with hallucinations. Silero, as faster-whisper ships it, finds
    the speech: silences of 2 s and more are removed, 0.4 s around speech stay.
    `samples` is the speech, run together; `speech` are its spans in the original audio, seconds.
    """

    def __init__(self, samples: Samples) -> None:
        """Blocking: runs the voice activity detector, milliseconds for 30 s of audio."""
        from faster_whisper.vad import SpeechTimestampsMap, get_speech_timestamps

        found = get_speech_timestamps(samples)
        self.speech: list[Span] = []
        parts: list[Samples] = [np.zeros(0, np.float32)]
        for span in found:
            start = span["start"]
            end = span["end"]
            self.speech.append((start / SAMPLE_RATE, end / SAMPLE_RATE))
            parts.append(samples[start:end])
        self.samples: Samples = np.concatenate(parts)
        self._map = SpeechTimestampsMap(found, SAMPLE_RATE)

    def original_spans(self, spans: Sequence[Span]) -> list[Span]:
        """Times in the packed samples as times in the original audio, seconds.

        Both ends of a span are placed by the speech span that holds its middle.
        """
        return [self._original(start, end) for start, end in spans]

    def _original(self, start: float, end: float) -> Span:
        middle = (start + end) / 2
        chunk = self._map.get_chunk_index(middle)
        original_start = self._map.get_original_time(start, chunk)
        original_end = self._map.get_original_time(end, chunk)
        return original_start, original_end


def speech_without_words(speech: Sequence[Span], words: Sequence[Span]) -> list[Span]:
    """Parts of `speech` of `GAP_S` or more that no word covers, in order. Seconds."""
    covered = sorted(map(_covered, words))
    gaps: list[Span] = []
    for span in speech:
        gaps += _gaps(span, covered)
    return gaps


def _covered(word: Span) -> Span:
    start, end = word
    return max(start, end - LONGEST_WORD_S), end


def _gaps(speech: Span, covered: Sequence[Span]) -> Iterator[Span]:
    """Parts of one span of speech without a word. `covered` is in order."""
    start, end = speech
    reached = start
    for word_start, word_end in covered:
        is_elsewhere = word_end <= start or word_start >= end
        if is_elsewhere:
            continue
        if word_start - reached >= GAP_S:
            yield reached, word_start
        reached = max(reached, word_end)
    if end - reached >= GAP_S:
        yield reached, end

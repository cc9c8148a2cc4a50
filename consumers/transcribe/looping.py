"""Recognisers loop on a phrase, or stop early. What counts as either, and how to cut the audio for another try."""

from collections.abc import Sequence

import numpy as np

from consumers.audio.decoder import Samples
from consumers.audio.decoding_child import RATE

REPEATS, LONGEST_PHRASE = 5, 4
"""People say "can can can can"; five times in a row is the model (in the five recordings nobody says a phrase five times)."""
COMPRESSION = 2.4
"""Whisper's own gate on repetitive text: characters over zlib bytes (Radford et al., 2022, section 4.5)."""
Span = tuple[float, float]
FRAME = RATE // 50
SHORTEST_S = 6.0
SILENT_S = 4.0
"""Speech for this long without a word was skipped: even slow talk has a word a second."""
LONGEST_WORD_S = 2.0
"""The aligner stretches the word beside a skipped passage over all of it; nobody speaks one word for longer."""


def is_loop(words: list[str], compression: float) -> bool:
    """Whether a segment's words are one phrase of up to four words repeated, or compress like it."""
    said = [word.strip(" ,.?!").lower() for word in words]
    return compression > COMPRESSION or any(_repeats(said, length) for length in range(1, LONGEST_PHRASE + 1))


def _repeats(said: list[str], length: int) -> bool:
    in_a_row = 0
    for here, before in zip(said[length:], said, strict=False):
        in_a_row = in_a_row + 1 if here == before else 0
        if in_a_row >= length * (REPEATS - 1):
            return True
    return False


def skipped(speech: Sequence[Span], words: Sequence[Span]) -> bool:
    """Whether some `SILENT_S` of speech holds no word. Spans are [start, end) in seconds, in order."""
    for start, end in speech:
        reached = start
        for word_start, word_end in words:
            if word_start - reached >= SILENT_S and word_start <= end:
                return True
            reached = max(reached, min(word_end, word_start + LONGEST_WORD_S))
        if end - reached >= SILENT_S:
            return True
    return False


def quietest_middle(samples: Samples) -> int:
    """Where to cut in two: the quietest 0.2 s of the middle half, as a sample index."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    energy = np.convolve((frames**2).mean(axis=1), np.ones(10), mode="same")
    quarter = len(frames) // 4
    return int((quarter + np.argmin(energy[quarter : 3 * quarter])) * FRAME)


def can_be_cut(samples: Samples) -> bool:
    """Whether both parts would still be long enough to understand."""
    return len(samples) >= 2 * SHORTEST_S * RATE

"""Pure: recognisers loop on a phrase. What counts as a loop, and where to cut the audio for another try."""

import numpy as np

from consumers.audio.decoder import Samples
from consumers.audio.decoding_child import RATE

REPEATS, LONGEST_PHRASE = 5, 4
"""People say "can can can can"; five times in a row is the model (in the five recordings nobody says a phrase five times)."""
COMPRESSION = 2.4
"""Whisper's own gate on repetitive text: characters over zlib bytes (Radford et al., 2022, section 4.5)."""
FRAME = RATE // 50
SHORTEST_S = 6.0
"""Less is not cut in two: the parts would be too short to understand."""


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


def quietest_middle(samples: Samples) -> int:
    """Where to cut in two: the quietest 0.2 s of the middle half, as a sample index."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    energy = np.convolve((frames**2).mean(axis=1), np.ones(10), mode="same")
    quarter = len(frames) // 4
    return int((quarter + np.argmin(energy[quarter : 3 * quarter])) * FRAME)

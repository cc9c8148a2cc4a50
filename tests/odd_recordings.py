"""The recording of odd audio files: at four rates, in halves, and as whole files."""

import numpy as np

from schemas.audio import SAMPLE_RATE
from tests.odd_audio import SECONDS, Samples, aac, beeps, encoded, mp3

S16 = beeps(SAMPLE_RATE)
S44 = beeps(44_100)
S48 = beeps(48_000)
S8 = beeps(8_000)
HALF = SECONDS // 2
ALL = range(SECONDS)
SPEECH_MS = 50
"""A word may be so far from its place."""


def halves(samples: Samples, rate: int) -> tuple[Samples, Samples]:
    """Cut between two beeps."""
    at = int((HALF + 0.5) * rate)
    return samples[:at], samples[at:]


def both(samples: Samples) -> Samples:
    return np.stack([samples, samples])


A44, B44 = halves(S44, 44_100)
A48, B48 = halves(S48, 48_000)
A16, B16 = halves(S16, SAMPLE_RATE)
A8, B8 = halves(S8, 8_000)
MP3 = mp3(S44, 44_100)
M4A = aac(S48[None])
AMR = encoded("amr", "libopencore_amrnb", S8[None], 8_000)
AMR_FRAME = 13

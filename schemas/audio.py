"""Facts of the audio that all stages share: the sample rate, and lengths that models dictate."""

import math

SAMPLE_RATE = 16_000
"""Hz. Phones may send any rate; everything is resampled to this one before a model sees it."""
SAMPLES_PER_MS = SAMPLE_RATE // 1000
RECOGNISER_MS = 30_000
"""The longest audio that Whisper's encoder takes."""
CUT_MARGIN_MS = 300
"""Transcribed on both sides of a cut, for words without a quiet place near them.

A word's midpoint decides which window owns it.
"""
CUT_REACH_MS = 4_500
"""How far before a window's border the audio may be cut.

It is never cut after the border: a window waits for nothing beyond its end.
"""
CUT_MS = CUT_REACH_MS + 2 * CUT_MARGIN_MS
"""How much longer than a window its transcribed audio may be."""
DIARIZATION_CHUNK_MS = 10_000
"""Length of a chunk of pyannote's grid.

Chunks that end in a window begin up to this long before it.
"""
BRIDGE_MS = 250
"""Shorter gaps between chunks are the encoder's, not the conversation's."""


def whole_ms(samples: int) -> int:
    """Return the milliseconds of so many samples; a part of one counts as a whole one."""
    return math.ceil(samples / SAMPLES_PER_MS)

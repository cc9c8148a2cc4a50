"""A talk as tests write it down: turns as label, start and end, words as a text."""

import numpy as np

from schemas.ids import SpeakerLabel
from schemas.objects import TranscribedWord, Turn, Turns

Span = tuple[str, int, int]
"""The label of a speaker, and start and end in milliseconds."""
WORD_MS = 300
BETWEEN_MS = 10


def turns_of(*spans: Span) -> tuple[Turn, ...]:
    """A turn for each span, in this order."""
    return tuple(
        Turn(speaker=SpeakerLabel(label), start_ms=start_ms, end_ms=end_ms)
        for label, start_ms, end_ms in spans
    )


def transcribed(text: str, probability: float = 0.5) -> list[TranscribedWord]:
    """The words of a text, one after the other without a pause."""
    return [
        TranscribedWord(
            text=word,
            start_ms=n * WORD_MS,
            end_ms=(n + 1) * WORD_MS - BETWEEN_MS,
            probability=probability,
        )
        for n, word in enumerate(text.split())
    ]


def assert_speakers(turns: Turns) -> None:
    """No number is NaN, and everybody who talks has a voiceprint."""
    assert all(np.isfinite(voice.centroid).all() for voice in turns.voiceprints)
    talking = {turn.speaker for turn in turns.turns}
    assert talking <= {voice.label for voice in turns.voiceprints}

"""How much of the model a stretch of audio may use. Pure: its length decides."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from consumers.audio.decoder import Samples
from schemas.audio import SAMPLE_RATE

ENCODED_S = (10, 20, 30)
SILENCE_AFTER_S = 1.0
"""The encoder gets the shortest of these lengths that holds the audio and this much silence.

A gap, or the rest of a session, then costs a third of a whole window; counts are no worse (ADR 8).
"""
MEL_FRAMES_PER_S = 100
TOKENS_PER_S = 6
FIRST_TOKENS = 10
STEP_S = 5
"""The decoder writes at most FIRST_TOKENS + TOKENS_PER_S for each second, in steps of STEP_S.

Nobody in the bundled recordings says as much, timestamps included (docs/adr/0008).
Without a bound a decoder in a loop writes 224 tokens for two seconds of audio. A step keeps
stretches of nearly the same length in one batch.
"""
TOKEN_S = 0.45
"""Work of the decoder for one token, in seconds of audio that the encoder takes for it (ADR 31)."""
USUAL_TOKENS_PER_S = 3.5
"""Half of the stretches of English talk have more, half have less."""
MOST_TIMES = 2.0
"""A second pass begins while a stretch stays within so many times the usual work for its length.

With 1.65 a window that the decoder skipped could not be transcribed in halves (docs/adr/0031).
"""


@dataclass(frozen=True)
class Budget:
    """Frames of audio that the encoder gets, and tokens that the decoder may write, the end too."""

    mel_frames: int
    tokens: int


def budget(samples: Samples) -> Budget:
    """The budget of a stretch, 16 kHz mono, up to 30 s."""
    length_s = len(samples) / SAMPLE_RATE
    steps = math.ceil(length_s / STEP_S)
    return Budget(
        mel_frames=MEL_FRAMES_PER_S * _encoded_s(length_s),
        tokens=FIRST_TOKENS + TOKENS_PER_S * STEP_S * steps,
    )


def _encoded_s(length_s: float) -> int:
    for encoded_s in ENCODED_S:
        if length_s + SILENCE_AFTER_S <= encoded_s:
            return encoded_s
    return ENCODED_S[-1]


def finished_tokens(tokens: Sequence[int], most: int, first_timestamp: int) -> list[int]:
    """The tokens of a reading without the text that its budget of `most` tokens cut off.

    Nobody said what does not end: that text is a loop, and too short to be told by its repeats.
    Tokens from `first_timestamp` on are timestamps.
    """
    finished = list(tokens)
    if len(tokens) < most:
        return finished
    while finished and finished[-1] < first_timestamp:
        finished.pop()
    is_first_timestamp_alone = len(finished) == 1
    return [] if is_first_timestamp_alone else finished


def usual_work_s(samples: Samples, said: int = 0) -> float:
    """Work for a stretch in which at least `said` tokens are said, in seconds of the encoder."""
    length_s = len(samples) / SAMPLE_RATE
    return work_s(budget(samples), max(said, math.ceil(USUAL_TOKENS_PER_S * length_s)))


def work_s(most: Budget, tokens: int) -> float:
    """Work for so many frames and tokens, in seconds of the encoder."""
    return most.mel_frames / MEL_FRAMES_PER_S + TOKEN_S * tokens


def left_s(samples: Samples, written: int, said: int) -> float:
    """Work that a stretch may still cost, of whose `written` tokens `said` were kept.

    Somebody who talks fast may cost more than others. A loop of the decoder may not.
    """
    spent_s = work_s(budget(samples), written)
    return MOST_TIMES * usual_work_s(samples, said) - spent_s

"""How probable it is that a segment is English, by Whisper's own detection of languages.

People change their language in mid-sentence, so a segment is asked, not a session. The encoder's
states are there already: one step of the decoder answers.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from consumers.transcribe.recognised import STATES_PER_S, States

if TYPE_CHECKING:
    from ctranslate2.models import Whisper

AROUND_S = 0.2
"""Audio on both sides of a segment."""
LEAST_S = 2.0
"""A shorter segment is judged by this much of the stretch around its middle."""
ENGLISH = "<|en|>"


def english(model: "Whisper", states: States, start_s: float, end_s: float) -> float:
    """Probability that `states` are English between two of their seconds. Blocking."""
    from ctranslate2 import StorageView

    part = np.ascontiguousarray(_around(states, start_s, end_s)[None])
    [languages] = model.detect_language(StorageView.from_array(part))
    return _of(languages, ENGLISH)


def _around(states: States, start_s: float, end_s: float) -> States:
    lacking_s = max(AROUND_S, (LEAST_S - (end_s - start_s)) / 2)
    first = int((start_s - lacking_s) * STATES_PER_S)
    last = int((end_s + lacking_s) * STATES_PER_S)
    return states[max(0, first) : max(last, 1)]


def _of(languages: Sequence[tuple[str, float]], wanted: str) -> float:
    return next(
        (probability for language, probability in languages if language == wanted),
        0.0,
    )

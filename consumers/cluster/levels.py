"""Names the speakers who are too quiet to be sure of their words. Pure."""

import numpy as np

from consumers.cluster.utterance_voices import UtteranceVoices
from schemas.ids import SpeakerLabel

FAINT_DB = 12.0
"""Further under the loudest speaker than this, words may get lost."""


def faint(voices: UtteranceVoices) -> tuple[SpeakerLabel, ...]:
    """Speakers whose utterances are further than `FAINT_DB` under those of the loudest speaker.

    A speaker is as loud as the median of the utterances.
    """
    labels = np.array(voices.labels, dtype=object)
    levels = voices.utterances.levels[:, 0]
    loudness: dict[SpeakerLabel, float] = {}
    for label in sorted(set(voices.labels)):
        own = levels[labels == label]
        loudness[label] = float(np.median(own))
    least = max(loudness.values(), default=0.0) - FAINT_DB
    return tuple(label for label, level in loudness.items() if level < least)

"""Names the speakers who are too quiet to be sure of their words. Pure."""

from collections.abc import Iterable

import numpy as np

from consumers.cluster.utterance_voices import UtteranceVoices
from schemas.ids import SpeakerLabel
from schemas.objects import Turn

FAINT_DB = 12.0
"""Further under the loudest speaker than this, words may get lost."""


def faint(voices: UtteranceVoices, turns: Iterable[Turn]) -> tuple[SpeakerLabel, ...]:
    """Speakers in `turns` whose utterances are further than `FAINT_DB` under the loudest one's.

    A speaker is as loud as the median of the utterances. A voice that is only remembered may be
    the nearest to an utterance, and does not talk.
    """
    talking = {turn.speaker for turn in turns}
    labels = np.array(voices.labels, dtype=object)
    levels = voices.utterances.levels[:, 0]
    loudness: dict[SpeakerLabel, float] = {}
    for label in sorted(talking & set(voices.labels)):
        own = levels[labels == label]
        loudness[label] = float(np.median(own))
    least = max(loudness.values(), default=0.0) - FAINT_DB
    return tuple(label for label, level in loudness.items() if level < least)

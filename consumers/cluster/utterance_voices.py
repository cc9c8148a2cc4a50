"""Finds the voice of each utterance, by its embedding alone. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from consumers.voices.embeddings import Array, cosine
from consumers.voices.utterances import Utterances
from schemas.ids import SpeakerLabel
from schemas.objects import Voiceprint


@dataclass(frozen=True)
class UtteranceVoices:
    """Utterances in order of time, the speaker whose voiceprint is nearest to each, and the lead.

    `leads`: how much nearer, by cosine, than the second; 2 when there is only one.
    """

    utterances: Utterances
    labels: tuple[SpeakerLabel, ...]
    leads: Array

    def under(self, labels: Mapping[SpeakerLabel, SpeakerLabel]) -> "UtteranceVoices":
        """The same after merges: `labels` has the label of each merged speaker now."""
        merged = [labels.get(label, label) for label in self.labels]
        return replace(self, labels=tuple(merged))


def utterance_voices(utterances: Utterances, voiceprints: Sequence[Voiceprint]) -> UtteranceVoices:
    """The nearest voiceprint of each utterance; no utterances without voiceprints."""
    if not len(utterances) or not voiceprints:
        none = utterances.at(np.zeros(0, np.int64))
        return UtteranceVoices(none, labels=(), leads=np.zeros(0))
    ordered = _in_order_of_time(utterances)
    centroids = np.array([voice.centroid for voice in voiceprints])
    similarity = cosine(ordered.embeddings, centroids)
    nearest = np.argmax(similarity, axis=1).tolist()
    labels = [voiceprints[n].label for n in nearest]
    return UtteranceVoices(ordered, tuple(labels), _leads(similarity))


def _in_order_of_time(utterances: Utterances) -> Utterances:
    starts = utterances.spans[:, 0]
    ends = utterances.spans[:, 1]
    order = np.lexsort((ends, starts))
    return utterances.at(order)


def _leads(similarity: Array) -> Array:
    """How much more similar the best is than the second, of each row."""
    if similarity.shape[1] < 2:
        return np.full(len(similarity), 2.0)
    two_best = np.partition(similarity, -2, axis=1)[:, -2:]
    leads: Array = np.diff(two_best, axis=1)[:, 0]
    return leads

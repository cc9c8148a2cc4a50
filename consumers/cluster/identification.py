"""Speakers of a session: voices of all windows joined, clustered, and labelled.

A label stays with its voice from one generation to the next, and is never used again for another.
"""

from collections.abc import Collection, Sequence

import numpy as np
from msgspec.structs import replace
from scipy.optimize import linear_sum_assignment

from consumers.cluster.reassignment import MARGIN, reassigned
from consumers.cluster.turns import bridge_pauses
from consumers.voices.clustering import Clustered, Clustering, ClusterTurn
from consumers.voices.diarization import Voices
from consumers.voices.embeddings import Array, cosine, is_known
from consumers.voices.grid import Grid
from consumers.voices.utterances import NONE, Utterances
from schemas.ids import SpeakerLabel
from schemas.objects import Turn, Turns, Voiceprint

SAME_PERSON = 0.5
"""Least cosine of two centroids of one person in two clusterings of the same session."""


def joined(parts: Sequence[Voices], grid: Grid) -> Voices:
    """The voices of all windows in order; windows without a chunk are left out. Pure."""
    filled = [part for part in parts if len(part.segmentations)]
    if not filled:
        return Voices.silence(chunks=0, frames=1, speakers=1, dimension=1)
    utterances: list[Utterances] = []
    start_ms = 0
    for part in filled:
        utterances.append(part.utterances.moved(start_ms))
        start_ms += len(part.segmentations) * grid.step_ms
    return Voices(
        np.concatenate([part.segmentations for part in filled]),
        np.concatenate([part.embeddings for part in filled]),
        _joined_utterances(utterances),
    )


def _joined_utterances(parts: Sequence[Utterances]) -> Utterances:
    filled = [part for part in parts if len(part)]
    if not filled:
        return NONE
    return Utterances(
        np.concatenate([part.spans for part in filled]),
        np.concatenate([part.embeddings for part in filled]),
        np.concatenate([part.levels for part in filled]),
    )


def speakers(
    clustering: Clustering,
    voices: Voices,
    hint: int | None = None,
    former: Turns | None = None,
    splits: Sequence[Voiceprint] = (),
    kept: Collection[SpeakerLabel] = (),
) -> Turns:
    """Turns of all speakers: clustered, labelled after `former`, utterances under their voices.

    Short pauses within a turn are part of it.

    Blocking, seconds for an hour; no model runs. `hint`: how many clusters, when known. `splits`:
    voices of two people each. `kept`: labels that stay voices, also those that no cluster has.
    """
    clustered = clustering.cluster(voices, hint, [voice.centroid for voice in splits])
    found = labelled(clustered, former)
    if former is not None:
        found = _with_swallowed(found, former, kept)
    found = reassigned(found, voices.utterances)
    return replace(
        found, turns=bridge_pauses(found.turns), exclusive=bridge_pauses(found.exclusive)
    )


def of_this_model(former: Turns, voices: Voices) -> Turns:
    """`former` without voiceprints of another model: they are of another length, and nobody's."""
    if not len(voices.segmentations):
        return former
    dimension = voices.embeddings.shape[-1]
    known = [voice for voice in former.voiceprints if len(voice.centroid) == dimension]
    return replace(former, voiceprints=tuple(known))


def _with_swallowed(found: Turns, former: Turns, kept: Collection[SpeakerLabel]) -> Turns:
    """`found` with the kept voices that no cluster has: another one swallowed them.

    All kept voices then sound as they did before: nothing is like a cluster of two people.
    """
    stay = [voice for voice in former.voiceprints if voice.label in kept]
    labels = {voice.label for voice in stay}
    if labels <= {voice.label for voice in found.voiceprints}:
        return found
    new = [voice for voice in found.voiceprints if voice.label not in labels]
    return replace(found, voiceprints=(*stay, *new))


def labelled(clustered: Clustered, former: Turns | None) -> Turns:
    """Clusters as speakers. Pure.

    A voice that `former` knows keeps its label; the others get new labels in order of speech.
    """
    known = _matched(clustered.centroids, former.voiceprints if former else ())
    next_label = former.next_label if former else 1
    labels: dict[int, SpeakerLabel] = {}
    for cluster in _in_order_of_speech(clustered):
        if cluster in known:
            labels[cluster] = known[cluster]
        else:
            labels[cluster] = SpeakerLabel(f"S{next_label}")
            next_label += 1
    voiceprints = [
        Voiceprint(label=label, centroid=_floats(clustered.centroids[cluster]))
        for cluster, label in labels.items()
    ]
    return Turns(
        turns=_turns(clustered.turns, labels),
        exclusive=_turns(clustered.exclusive, labels),
        voiceprints=tuple(voiceprints),
        next_label=next_label,
    )


def _in_order_of_speech(clustered: Clustered) -> list[int]:
    """All clusters; one that never speaks comes first."""
    first_ms: dict[int, int] = {}
    for turn in clustered.turns:
        before = first_ms.get(turn.cluster, turn.start_ms)
        first_ms[turn.cluster] = min(before, turn.start_ms)
    clusters = range(len(clustered.centroids))
    return sorted(clusters, key=lambda cluster: first_ms.get(cluster, 0))


def _turns(turns: Sequence[ClusterTurn], labels: dict[int, SpeakerLabel]) -> tuple[Turn, ...]:
    return tuple(
        Turn(speaker=labels[turn.cluster], start_ms=turn.start_ms, end_ms=turn.end_ms)
        for turn in sorted(turns)
    )


def _matched(centroids: Array, former: Sequence[Voiceprint]) -> dict[int, SpeakerLabel]:
    """The known label of each cluster that has one: the assignment with the most similarity."""
    if not len(centroids) or not former:
        return {}
    known = np.array([voice.centroid for voice in former])
    similarity = cosine(centroids, known)
    # Nothing tells two voices without an embedding apart, so one of them goes on as the other.
    similarity[np.ix_(~is_known(centroids), ~is_known(known))] = 1.0
    # A cluster that is clearly another known voice does not go on as this one.
    nearest = similarity.max(axis=1, keepdims=True)
    similarity[nearest - similarity >= MARGIN] = -1.0
    matched: dict[int, SpeakerLabel] = {}
    for cluster, voice in zip(*linear_sum_assignment(-similarity), strict=True):
        if similarity[cluster, voice] >= SAME_PERSON:
            matched[int(cluster)] = former[voice].label
    return matched


def _floats(vector: Array) -> tuple[float, ...]:
    return tuple(map(float, vector))

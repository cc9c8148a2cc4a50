"""Joined voices -> turns, by pyannote's own `apply`; labels that stay with the person over generations."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from consumers.cluster.reassignment import reassigned
from consumers.voices.diarization import Grid, Voices
from consumers.voices.embeddings import unit
from consumers.voices.utterances import NONE, Utterances
from schemas.ids import SpeakerLabel
from schemas.objects import Turn, Turns, Voiceprint
from schemas.speech_events import SpeakerSummary

SAME_PERSON = 0.5
"""Least cosine similarity of two centroids of one person over two clusterings of the same session."""
CLIPS, CLIP_MS, LEAST_CLIP_MS = 3, 8_000, 1_000


@dataclass(frozen=True)
class Clustered:
    """Turns by cluster number, and one centroid a cluster, shape (clusters, dimension)."""

    turns: tuple[tuple[int, int, int], ...]
    exclusive: tuple[tuple[int, int, int], ...]
    centroids: "np.ndarray[Any, Any]"


def joined(parts: Sequence[Voices], grid: Grid) -> Voices:
    """The voices of all windows in order; empty ones are skipped."""
    heard = [part for part in parts if len(part.segmentations)]
    if not heard:
        return Voices(np.zeros((0, 1, 1), np.float32), np.zeros((0, 1, 1), np.float32))
    starts = accumulate((len(part.segmentations) * grid.step_ms for part in heard), initial=0)
    utterances = [
        part.utterances.moved(start)
        for part, start in zip(heard, starts, strict=False)
        if len(part.utterances)
    ]
    said = (
        Utterances(
            np.concatenate([u.spans for u in utterances]),
            np.concatenate([u.embeddings for u in utterances]),
        )
        if utterances
        else NONE
    )
    return Voices(
        np.concatenate([p.segmentations for p in heard]),
        np.concatenate([p.embeddings for p in heard]),
        said,
    )


def speakers(
    pipeline: Any,
    voices: Voices,
    grid: Grid,
    hint: int | None = None,
    former: Turns | None = None,
    splits: Sequence[Voiceprint] = (),
) -> Turns:
    """Who spoke when: clustered, named after `former`, and each utterance under the voice that it has. Blocking, no model."""
    return reassigned(
        named(identify(pipeline, voices, grid, hint, splits), former), voices.utterances
    )


def identify(
    pipeline: Any, voices: Voices, grid: Grid, hint: int | None, splits: Sequence[Voiceprint] = ()
) -> Clustered:
    """Blocking: counting, clustering and reconstruction, no model. Nobody speaking gives no turns; `splits` are voices of two people."""
    from pyannote.core import SlidingWindow, SlidingWindowFeature

    if not voices.segmentations.any():
        return Clustered((), (), np.zeros((0, 0)))
    window = SlidingWindow(start=0.0, duration=grid.chunk_ms / 1000, step=grid.step_ms / 1000)
    heard = (SlidingWindowFeature(voices.segmentations, window), voices.embeddings)
    file = {"uri": "session", "recalled": heard, "splits": [voice.centroid for voice in splits]}
    output = pipeline.apply(file, num_speakers=hint)
    labels = output.speaker_diarization.labels()
    return Clustered(
        _spans(output.speaker_diarization, labels),
        _spans(output.exclusive_speaker_diarization, labels),
        output.speaker_embeddings,
    )


def _spans(annotation: Any, labels: list[str]) -> tuple[tuple[int, int, int], ...]:
    tracks = annotation.itertracks(yield_label=True)
    return tuple(
        (round(s.start * 1000), round(s.end * 1000), labels.index(label)) for s, _, label in tracks
    )


def named(clustered: Clustered, former: Turns | None) -> Turns:
    """Clusters as speakers: those known keep their label, the others get labels never used, in order of speech."""
    count = len(clustered.centroids)
    known = _matched(clustered.centroids, former.voiceprints if former else ())
    next_label = former.next_label if former else 1
    order = sorted(
        range(count), key=lambda c: min((t[0] for t in clustered.turns if t[2] == c), default=0)
    )
    labels: dict[int, SpeakerLabel] = {}
    for cluster in order:
        if cluster in known:
            labels[cluster] = known[cluster]
        else:
            labels[cluster], next_label = SpeakerLabel(f"S{next_label}"), next_label + 1
    prints = tuple(
        Voiceprint(label=labels[c], centroid=tuple(map(float, clustered.centroids[c])))
        for c in order
    )
    return Turns(
        turns=_turns(clustered.turns, labels),
        exclusive=_turns(clustered.exclusive, labels),
        voiceprints=prints,
        next_label=next_label,
    )


def _turns(
    spans: Sequence[tuple[int, int, int]], labels: dict[int, SpeakerLabel]
) -> tuple[Turn, ...]:
    return tuple(Turn(speaker=labels[c], start_ms=a, end_ms=b) for a, b, c in sorted(spans))


def _matched(
    centroids: "np.ndarray[Any, Any]", former: Sequence[Voiceprint]
) -> dict[int, SpeakerLabel]:
    if not len(centroids) or not former:
        return {}
    new, old = unit(centroids), unit(np.array([p.centroid for p in former]))
    similarity = new @ old.T
    rows, columns = linear_sum_assignment(-similarity)
    return {
        int(r): former[c].label
        for r, c in zip(rows, columns, strict=True)
        if similarity[r, c] >= SAME_PERSON
    }


def summaries(turns: Turns) -> tuple[SpeakerSummary, ...]:
    """Talk time (overlap included), turns, milliseconds shared with others, and the best spans for clips."""
    heard = {t.speaker for t in turns.turns} | {label for label, ms in turns.before.items() if ms}
    return tuple(_summary(turns, p.label) for p in turns.voiceprints if p.label in heard)


def _shared(own: Sequence[Turn], others: Sequence[Turn]) -> int:
    """Milliseconds of each of `own` within each of `others`."""
    starts, ends = (
        np.array([getattr(t, edge) for t in others], dtype=np.int64)
        for edge in ("start_ms", "end_ms")
    )
    return int(
        sum(
            np.maximum(0, np.minimum(ends, t.end_ms) - np.maximum(starts, t.start_ms)).sum()
            for t in own
        )
    )


def _summary(turns: Turns, label: SpeakerLabel) -> SpeakerSummary:
    own = [t for t in turns.turns if t.speaker == label]
    talk = turns.before.get(label, 0) + sum(t.end_ms - t.start_ms for t in own)
    alone = [
        t for t in turns.exclusive if t.speaker == label and t.end_ms - t.start_ms >= LEAST_CLIP_MS
    ]
    longest = sorted(alone, key=lambda t: (t.start_ms - t.end_ms, t.start_ms))[:CLIPS]
    shared = _shared(own, [t for t in turns.turns if t.speaker != label])
    clips = tuple((t.start_ms, min(t.end_ms, t.start_ms + CLIP_MS)) for t in longest)
    return SpeakerSummary(
        label=label, talk_ms=talk, turns=len(own), overlap_ms=min(shared, talk), clips=clips
    )

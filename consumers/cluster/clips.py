"""Chooses clips: one voice alone, from a pause to a pause. Pure.

People play clips to say whose voice that is. A clip with a second voice, half a word or distortion
in it answers nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from msgspec.structs import replace

from consumers.cluster.turns import TurnsOf, by_speaker, has_others, touching
from consumers.cluster.utterance_voices import UtteranceVoices
from consumers.voices.utterances import Utterances, pauses
from schemas.ids import SpeakerLabel
from schemas.objects import Turn, Turns
from schemas.ranges import Range, Ranges, missing, union

CLIPS = 3
"""Clips of a speaker: the longest, those without distortion first."""
CLIP_MS = 8_000
LEAST_CLIP_MS = 1_000
WITHIN_CLIP_MS = 700
"""A longer pause ends a clip."""
AIR_MS = 150
"""A clip has half of the pauses around it, and at most this much of each."""
DISTORTED_DBFS = -0.1
"""A peak at full scale: the microphone was overloaded there."""


@dataclass(frozen=True)
class _Said:
    """Speech of one voice from a pause to a pause. `span` has no air yet."""

    span: Turn
    distorted: bool
    before_ms: int
    after_ms: int

    def with_air(self) -> Range:
        """With its share of the pauses around it."""
        before = min(AIR_MS, self.before_ms // 2)
        after = min(AIR_MS, self.after_ms // 2)
        return max(0, self.span.start_ms - before), self.span.end_ms + after

    def and_then(self, other: "_Said") -> "_Said":
        """Both, with the pause between them."""
        return _Said(
            replace(self.span, end_ms=other.span.end_ms),
            self.distorted or other.distorted,
            self.before_ms,
            other.after_ms,
        )


def choose_clips(turns: Turns, voices: UtteranceVoices) -> dict[SpeakerLabel, tuple[Range, ...]]:
    """Spans worth a clip of each speaker. Times of both arguments count from the same moment.

    A speaker without a whole utterance alone gets parts of turns in which nobody else speaks.
    """
    turns_of = by_speaker(turns.turns)
    alone = [said for said in _said(voices) if _is_alone(turns_of, said.span)]
    by_label: dict[SpeakerLabel, list[_Said]] = {label: [] for label in turns_of}
    for said in _joined(turns_of, alone):
        by_label[said.span.speaker].append(said)
    clips: dict[SpeakerLabel, tuple[Range, ...]] = {}
    for label, every in by_label.items():
        clips[label] = _best(every) or _parts(turns, turns_of, label)
    return clips


def _said(voices: UtteranceVoices) -> Iterator[_Said]:
    """Utterances of one voice, whole again where they were cut into pieces, in order of time."""
    runs = _runs(voices.utterances)
    spans = [_extent(voices.utterances, run) for run in runs]
    pauses_ms = pauses(spans, beyond_ms=2 * AIR_MS)
    for n, run in enumerate(runs):
        labels = set(voices.labels[run])
        if len(labels) > 1:
            continue
        start_ms, end_ms = spans[n]
        peak = voices.utterances.levels[run, 1].max()
        yield _Said(
            Turn(speaker=labels.pop(), start_ms=start_ms, end_ms=end_ms),
            distorted=bool(peak >= DISTORTED_DBFS),
            before_ms=pauses_ms[n],
            after_ms=pauses_ms[n + 1],
        )


def _runs(utterances: Utterances) -> list[slice]:
    """Slices of pieces that touch, or that two windows both cut: each is one utterance."""
    if not len(utterances):
        return []
    ends = np.maximum.accumulate(utterances.spans[:, 1])
    begins_anew = utterances.spans[1:, 0] > ends[:-1]
    inner = (np.flatnonzero(begins_anew) + 1).tolist()
    edges = [0, *inner, len(utterances)]
    return [slice(*edge) for edge in pairwise(edges)]


def _extent(utterances: Utterances, run: slice) -> Range:
    spans = utterances.spans[run]
    start_ms = spans[:, 0].min()
    end_ms = spans[:, 1].max()
    return int(start_ms), int(end_ms)


def _is_alone(turns_of: TurnsOf, span: Turn) -> bool:
    """Whether its speaker speaks in the span, and nobody else does."""
    own_turns = touching(turns_of.get(span.speaker, ()), span)
    return bool(own_turns) and not has_others(turns_of, span)


def _joined(turns_of: TurnsOf, every: Sequence[_Said]) -> Iterator[_Said]:
    """With those of the same speaker that follow after a short pause, as long as a clip may be."""
    now: _Said | None = None
    for said in every:
        if now and _is_one_clip(turns_of, now, said):
            now = now.and_then(said)
            continue
        if now:
            yield now
        now = said
    if now:
        yield now


def _is_one_clip(turns_of: TurnsOf, first: _Said, second: _Said) -> bool:
    if first.span.speaker != second.span.speaker:
        return False
    pause_ms = second.span.start_ms - first.span.end_ms
    if pause_ms > WITHIN_CLIP_MS:
        return False
    both = first.and_then(second)
    if _length_ms(both.with_air()) > CLIP_MS:
        return False
    return _is_alone(turns_of, both.span)


def _best(every: Sequence[_Said]) -> tuple[Range, ...]:
    """The longest, the earliest among equals; those with distortion only where others lack."""
    clear: list[Range] = []
    distorted: list[Range] = []
    for said in every:
        span = said.with_air()
        if not LEAST_CLIP_MS <= _length_ms(span) <= CLIP_MS:
            continue
        if said.distorted:
            distorted.append(span)
        else:
            clear.append(span)
    ranked = _longest_first(clear) + _longest_first(distorted)
    return tuple(ranked[:CLIPS])


def _parts(turns: Turns, turns_of: TurnsOf, label: SpeakerLabel) -> tuple[Range, ...]:
    """The longest parts of turns without anybody else, cut to the length of a clip."""
    parts: list[Range] = []
    for turn in turns.exclusive:
        if turn.speaker == label:
            parts += _free(turns_of, turn)
    long_enough = [part for part in parts if _length_ms(part) >= LEAST_CLIP_MS]
    longest = _longest_first(long_enough)[:CLIPS]
    return tuple((start_ms, min(end_ms, start_ms + CLIP_MS)) for start_ms, end_ms in longest)


def _longest_first(spans: Sequence[Range]) -> list[Range]:
    """By length, the earliest first among equals."""
    in_time = sorted(spans)
    return sorted(in_time, key=_length_ms, reverse=True)


def _length_ms(span: Range) -> int:
    start_ms, end_ms = span
    return end_ms - start_ms


def _free(turns_of: TurnsOf, turn: Turn) -> Ranges:
    """Parts of the turn in which nobody else speaks."""
    taken: list[Range] = []
    for label, theirs in turns_of.items():
        if label != turn.speaker:
            taken += [(other.start_ms, other.end_ms) for other in touching(theirs, turn)]
    return missing(union(taken), turn.start_ms, turn.end_ms)

"""Operations on turns: joining those that touch, shifting them in time, summing them up. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, pairwise
from operator import attrgetter

import numpy as np
from msgspec.structs import replace

from schemas.ids import SpeakerLabel, label_order
from schemas.objects import Turn, Turns
from schemas.ranges import Range
from schemas.speech_events import SpeakerSummary

TurnsOf = dict[SpeakerLabel, list[Turn]]
"""The turns of each speaker, in order, without overlap."""
BREATH_MS = 400
"""The longest pause within a turn: a breath, or the closure of a consonant."""
OTHERS = SpeakerLabel("others")
"""Stands for everybody else, as if they were one."""
_start = attrgetter("start_ms")
_end = attrgetter("end_ms")


def join_turns(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """Turns of one speaker that touch or overlap as one turn; in order of time."""
    joined: dict[SpeakerLabel, list[Turn]] = {}
    for turn in sorted(turns, key=_times):
        own = joined.setdefault(turn.speaker, [])
        last = own[-1] if own else None
        if last is not None and turn.start_ms <= last.end_ms:
            own[-1] = replace(last, end_ms=max(last.end_ms, turn.end_ms))
        else:
            own.append(turn)
    every = chain.from_iterable(joined.values())
    return tuple(sorted(every, key=_times_and_speaker))


def shift_turns(turns: Iterable[Turn], by_ms: int) -> tuple[Turn, ...]:
    """The same turns, `by_ms` later."""
    return tuple(_shifted(turn, by_ms) for turn in turns)


def _shifted(turn: Turn, by_ms: int) -> Turn:
    start_ms = turn.start_ms + by_ms
    end_ms = turn.end_ms + by_ms
    return replace(turn, start_ms=start_ms, end_ms=end_ms)


def by_speaker(turns: Iterable[Turn]) -> TurnsOf:
    """The turns of each speaker. `turns` are in order, and no two of one speaker overlap."""
    turns_of: TurnsOf = {}
    for turn in turns:
        turns_of.setdefault(turn.speaker, []).append(turn)
    return turns_of


def touching(turns: Sequence[Turn], one: Turn) -> Sequence[Turn]:
    """The `turns` that share time with `one`. They are in order, and do not overlap."""
    first = bisect_right(turns, one.start_ms, key=_end)
    last = bisect_left(turns, one.end_ms, key=_start)
    return turns[first:last]


def bridge_pauses(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """Turns of one speaker with a pause of `BREATH_MS` or less between are one turn.

    Unless somebody else speaks in the pause. `turns` are in order, without overlap of one speaker.
    """
    turns_of = by_speaker(turns)
    bridges: list[Turn] = []
    for label, theirs in turns_of.items():
        for before, after in pairwise(theirs):
            pause = Turn(speaker=label, start_ms=before.end_ms, end_ms=after.start_ms)
            is_breath = 0 < _length_ms(pause) <= BREATH_MS
            if is_breath and not has_others(turns_of, pause):
                bridges.append(pause)
    return join_turns([*turns, *bridges])


def has_others(turns_of: TurnsOf, span: Turn) -> bool:
    """Whether anybody but its speaker speaks in the span."""
    others = [turns for label, turns in turns_of.items() if label != span.speaker]
    return any(touching(turns, span) for turns in others)


def summarise(
    turns: Turns, clips: Mapping[SpeakerLabel, Sequence[Range]]
) -> tuple[SpeakerSummary, ...]:
    """One summary for each speaker who talks in `turns` or talked before them.

    A merged voice may have no voiceprint under the label that stays: its cluster is gone.
    """
    talking = {turn.speaker for turn in turns.turns}
    talking |= {label for label, ms in turns.before.items() if ms}
    labels = sorted(talking, key=label_order)
    return tuple(_summary(turns, label, clips.get(label, ())) for label in labels)


def _summary(turns: Turns, label: SpeakerLabel, clips: Sequence[Range]) -> SpeakerSummary:
    """Talk time counts overlap and the time before `turns`; overlap is at most the talk time."""
    own = [turn for turn in turns.turns if turn.speaker == label]
    others = [turn for turn in turns.turns if turn.speaker != label]
    talk_ms = turns.before.get(label, 0) + sum(map(_length_ms, own))
    return SpeakerSummary(
        label=label,
        talk_ms=talk_ms,
        turns=len(own),
        overlap_ms=min(_overlap_ms(own, others), talk_ms),
        clips=tuple(clips),
    )


def _overlap_ms(own: Sequence[Turn], others: Sequence[Turn]) -> int:
    """Milliseconds of `own` in which others speak, however many of them."""
    spans = join_turns(replace(turn, speaker=OTHERS) for turn in others)
    starts = np.array([span.start_ms for span in spans], dtype=np.int64)
    ends = np.array([span.end_ms for span in spans], dtype=np.int64)
    total = 0
    for turn in own:
        shared = np.minimum(ends, turn.end_ms) - np.maximum(starts, turn.start_ms)
        total += int(np.maximum(0, shared).sum())
    return total


def _length_ms(turn: Turn) -> int:
    return turn.end_ms - turn.start_ms


def _times(turn: Turn) -> tuple[int, int]:
    return turn.start_ms, turn.end_ms


def _times_and_speaker(turn: Turn) -> tuple[int, int, str]:
    return turn.start_ms, turn.end_ms, turn.speaker

"""Operations on turns: joining those that touch, shifting them in time, summing them up. Pure."""

from collections.abc import Iterable, Sequence

import numpy as np
from msgspec.structs import replace

from schemas.ids import SpeakerLabel
from schemas.objects import Turn, Turns
from schemas.speech_events import SpeakerSummary

CLIPS = 3
"""Clips of a speaker, from the longest turns in which nobody else speaks."""
CLIP_MS = 8_000
"""A longer turn gives its first part."""
LEAST_CLIP_MS = 1_000
"""A shorter turn gives no clip."""


def join_turns(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """Turns of one speaker that touch or overlap as one turn; in order of time."""
    joined: dict[SpeakerLabel, list[Turn]] = {}
    for turn in sorted(turns, key=_times):
        own = joined.setdefault(turn.speaker, [])
        if own and turn.start_ms <= own[-1].end_ms:
            own[-1] = replace(own[-1], end_ms=max(own[-1].end_ms, turn.end_ms))
        else:
            own.append(turn)
    every = [turn for own in joined.values() for turn in own]
    return tuple(sorted(every, key=_times_and_speaker))


def shift_turns(turns: Iterable[Turn], by_ms: int) -> tuple[Turn, ...]:
    """The same turns, `by_ms` later."""
    return tuple(
        replace(turn, start_ms=turn.start_ms + by_ms, end_ms=turn.end_ms + by_ms) for turn in turns
    )


def summarise(turns: Turns) -> tuple[SpeakerSummary, ...]:
    """One summary for each speaker who talks in `turns` or talked before them."""
    talking = {turn.speaker for turn in turns.turns}
    talking |= {label for label, ms in turns.before.items() if ms}
    return tuple(
        _summary(turns, voice.label) for voice in turns.voiceprints if voice.label in talking
    )


def _summary(turns: Turns, label: SpeakerLabel) -> SpeakerSummary:
    """Talk time counts overlap and the time before `turns`; overlap is at most the talk time."""
    own = [turn for turn in turns.turns if turn.speaker == label]
    others = [turn for turn in turns.turns if turn.speaker != label]
    talk_ms = turns.before.get(label, 0) + sum(map(_length_ms, own))
    return SpeakerSummary(
        label=label,
        talk_ms=talk_ms,
        turns=len(own),
        overlap_ms=min(_overlap_ms(own, others), talk_ms),
        clips=_clips([turn for turn in turns.exclusive if turn.speaker == label]),
    )


def _clips(alone: Sequence[Turn]) -> tuple[tuple[int, int], ...]:
    """Spans of the longest turns, the earliest among equals."""
    usable = [turn for turn in alone if _length_ms(turn) >= LEAST_CLIP_MS]
    longest = sorted(usable, key=_longest_first)[:CLIPS]
    return tuple(_clip(turn) for turn in longest)


def _clip(turn: Turn) -> tuple[int, int]:
    return turn.start_ms, min(turn.end_ms, turn.start_ms + CLIP_MS)


def _overlap_ms(own: Sequence[Turn], others: Sequence[Turn]) -> int:
    """Milliseconds of each of `own` within each of `others`, summed."""
    starts = np.array([turn.start_ms for turn in others], dtype=np.int64)
    ends = np.array([turn.end_ms for turn in others], dtype=np.int64)
    total = 0
    for turn in own:
        shared = np.minimum(ends, turn.end_ms) - np.maximum(starts, turn.start_ms)
        total += int(np.maximum(0, shared).sum())
    return total


def _length_ms(turn: Turn) -> int:
    return turn.end_ms - turn.start_ms


def _longest_first(turn: Turn) -> tuple[int, int]:
    return -_length_ms(turn), turn.start_ms


def _times(turn: Turn) -> tuple[int, int]:
    return turn.start_ms, turn.end_ms


def _times_and_speaker(turn: Turn) -> tuple[int, int, str]:
    return turn.start_ms, turn.end_ms, turn.speaker

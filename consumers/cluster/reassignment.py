"""Gives speech to the speaker whose voice it clearly is. Pure (docs/adr/0010)."""

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec.structs import replace

from consumers.cluster.turns import by_speaker, join_turns, touching
from consumers.cluster.utterance_voices import utterance_voices
from consumers.voices.utterances import Utterances, pauses
from schemas.objects import Turn, Turns

MARGIN = 0.2
"""Cosine by which one centroid must be nearer than every other.

0.1 to 0.3 give the same on the five recordings (docs/adr/0010). A voice of two people at once, and
a person who is two clusters, are near to both.
"""
REACH_MS = 250
"""An utterance takes half of the pause on each side, and at most this much."""


def reassigned(turns: Turns, utterances: Utterances) -> Turns:
    """`turns` with each utterance that is clearly one speaker's under that speaker.

    Other speakers lose what they had of it. Where the clustering already has that speaker, nothing
    is taken away: both talk at once. Times of both arguments count from the same moment.
    """
    clear = _clear_turns(turns, utterances)
    if not clear:
        return turns
    return replace(
        turns,
        turns=_with_clear(turns.turns, clear),
        exclusive=_with_clear(turns.exclusive, clear),
    )


def _clear_turns(turns: Turns, utterances: Utterances) -> list[Turn]:
    """Utterances that are clearly one speaker's, as turns, in order of time."""
    if len(turns.voiceprints) < 2:
        return []
    voices = utterance_voices(utterances, turns.voiceprints)
    spans = [(int(start), int(end)) for start, end in voices.utterances.spans]
    pauses_ms = pauses(spans, beyond_ms=2 * REACH_MS)
    found: list[Turn] = []
    for n in np.flatnonzero(voices.leads >= MARGIN).tolist():
        start, end = spans[n]
        start = max(0, start - _share(pauses_ms[n]))
        end += _share(pauses_ms[n + 1])
        # Two windows may both have cut an utterance at their border: the first one's is taken.
        if found and start < found[-1].end_ms:
            continue
        found.append(Turn(speaker=voices.labels[n], start_ms=start, end_ms=end))
    return found


def _share(pause_ms: int) -> int:
    return min(REACH_MS, pause_ms // 2)


def _with_clear(turns: Sequence[Turn], clear: Sequence[Turn]) -> tuple[Turn, ...]:
    """`turns` with each of `clear` under its speaker.

    `turns` are as a clustering gives them: in order, and no two of one speaker overlap.
    """
    turns_of = by_speaker(turns)
    missing: list[Turn] = []
    for one in clear:
        missing += _missing_parts(one, turns_of.get(one.speaker, []))
    parts: list[Turn] = []
    for turn in turns:
        parts += _reassigned_parts(turn, missing)
    return join_turns(parts)


def _missing_parts(one: Turn, own: Sequence[Turn]) -> Iterator[Turn]:
    """Parts of `one` in which its speaker has no turn yet."""
    at = one.start_ms
    for turn in touching(own, one):
        if at < turn.start_ms:
            yield replace(one, start_ms=at, end_ms=turn.start_ms)
        at = turn.end_ms
    if at < one.end_ms:
        yield replace(one, start_ms=at)


def _reassigned_parts(turn: Turn, missing: Sequence[Turn]) -> Iterator[Turn]:
    """Parts of `turn`: those within one of `missing` go to that one's speaker."""
    at = turn.start_ms
    for one in touching(missing, turn):
        start = max(at, one.start_ms)
        end = min(turn.end_ms, one.end_ms)
        if at < start:
            yield replace(turn, start_ms=at, end_ms=start)
        yield replace(turn, start_ms=start, end_ms=end, speaker=one.speaker)
        at = end
    if at < turn.end_ms:
        yield replace(turn, start_ms=at)

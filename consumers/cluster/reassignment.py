"""Pure: a stretch of speech whose voice is clearly one speaker's is that speaker's."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter

import numpy as np
from msgspec.structs import replace

from consumers.cluster.turns import joined_up
from consumers.voices.embeddings import unit
from consumers.voices.utterances import Utterances
from schemas.objects import Turn, Turns

MARGIN = 0.2
"""Cosine by which one centroid must be nearer than every other: 0.1 to 0.3 give the same on the five recordings (docs/adr/0010). A voice that is two
people's at once, or a person who is two clusters, is near to both."""
REACH_MS = 250
"""Speech has half of the pause on each side, and no more than this."""


_start, _end = attrgetter("start_ms"), attrgetter("end_ms")


def reassigned(turns: Turns, utterances: Utterances) -> Turns:
    """`turns` with whatever others have of an utterance that is clearly one speaker's; where both are heard at once, both stay.

    Times of both count alike.
    """
    clear = _clear(turns, utterances)
    return (
        replace(turns, turns=_under(turns.turns, clear), exclusive=_under(turns.exclusive, clear))
        if clear
        else turns
    )


def _clear(turns: Turns, utterances: Utterances) -> list[Turn]:
    """Who clearly speaks when, in order."""
    if not len(utterances) or len(turns.voiceprints) < 2:
        return []
    order = np.lexsort((utterances.spans[:, 1], utterances.spans[:, 0]))
    spans = [(int(start), int(end)) for start, end in utterances.spans[order]]
    near = (
        unit(utterances.embeddings[order])
        @ unit(np.array([voice.centroid for voice in turns.voiceprints])).T
    )
    ahead = np.diff(np.partition(near, -2, axis=1)[:, -2:], axis=1)[:, 0]
    found: list[Turn] = []
    for n, best in enumerate(np.argmax(near, axis=1)):
        start, end = _reach(spans, n)
        # Two windows may both have cut an utterance at their border: the first one's is taken.
        if ahead[n] >= MARGIN and not (found and start < found[-1].end_ms):
            found.append(Turn(speaker=turns.voiceprints[best].label, start_ms=start, end_ms=end))
    return found


def _reach(spans: Sequence[tuple[int, int]], n: int) -> tuple[int, int]:
    start, end = spans[n]
    before = start - spans[n - 1][1] if n else 2 * REACH_MS
    after = spans[n + 1][0] - end if n + 1 < len(spans) else 2 * REACH_MS
    return max(0, start - _half(before)), end + _half(after)


def _half(pause_ms: int) -> int:
    return min(REACH_MS, max(0, pause_ms) // 2)


def _under(turns: Sequence[Turn], clear: Sequence[Turn]) -> tuple[Turn, ...]:
    # As a clustering gives them: in order, and no two of one speaker overlap.
    own: dict[str, list[Turn]] = {}
    for turn in turns:
        own.setdefault(turn.speaker, []).append(turn)
    lacking = [part for one in clear for part in _lacking(one, own.get(one.speaker, []))]
    return joined_up(part for turn in turns for part in _parts(turn, lacking))


def _lacking(one: Turn, own: Sequence[Turn]) -> Iterator[Turn]:
    """Where `one` has no turn of its own speaker's yet."""
    at = one.start_ms
    for turn in own[
        bisect_right(own, one.start_ms, key=_end) : bisect_left(own, one.end_ms, key=_start)
    ]:
        if at < turn.start_ms:
            yield replace(one, start_ms=at, end_ms=turn.start_ms)
        at = turn.end_ms
    if at < one.end_ms:
        yield replace(one, start_ms=at)


def _parts(turn: Turn, lacking: Sequence[Turn]) -> Iterator[Turn]:
    at = turn.start_ms
    for one in lacking[
        bisect_right(lacking, turn.start_ms, key=_end) : bisect_left(
            lacking, turn.end_ms, key=_start
        )
    ]:
        start, end = max(at, one.start_ms), min(turn.end_ms, one.end_ms)
        if at < start:
            yield replace(turn, start_ms=at, end_ms=start)
        yield replace(turn, start_ms=start, end_ms=end, speaker=one.speaker)
        at = end
    if at < turn.end_ms:
        yield replace(turn, start_ms=at)

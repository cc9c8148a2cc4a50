"""Pure: an utterance whose voice is clearly another speaker's is given to that one."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
from msgspec.structs import replace

from consumers.cluster.joining import joined_up
from consumers.voices.cosine import Array, unit
from consumers.voices.utterances import Utterances
from schemas.objects import Turn, Turns

MARGIN = 0.2
"""Cosine by which another speaker's centroid must be nearer. In the five recordings those that moved were 0.34 nearer or more, and none
that was right was nearer to anybody else (docs/adr/0010)."""
MOSTLY = 0.7
"""Share of an utterance that one speaker has: where two share it, its voice is of both."""
REACH_MS = 250
"""An utterance has half of the pause on each side, and no more than this."""


@dataclass(frozen=True)
class _Move:
    start_ms: int
    end_ms: int
    speaker: str


_start, _end = attrgetter("start_ms"), attrgetter("end_ms")


def reassigned(turns: Turns, utterances: Utterances) -> Turns:
    """`turns` with each utterance under the speaker whose centroid its voice is nearest to. Times of both count alike."""
    if not len(utterances) or len(turns.voiceprints) < 2:
        return turns
    order = np.lexsort((utterances.spans[:, 1], utterances.spans[:, 0]))
    moves = _moves(turns, utterances.spans[order], utterances.embeddings[order])
    return replace(turns, turns=_moved(turns.turns, moves), exclusive=_moved(turns.exclusive, moves)) if moves else turns


def _moves(turns: Turns, spans: Array, embeddings: Array) -> list[_Move]:
    labels = [voice.label for voice in turns.voiceprints]
    near = unit(embeddings) @ unit(np.array([voice.centroid for voice in turns.voiceprints])).T
    reached = [_reach(spans, n) for n in range(len(spans))]
    found: list[_Move] = []
    for n, owner in enumerate(_owners(turns.exclusive, spans)):
        best = int(np.argmax(near[n]))
        if owner in labels and near[n, best] - near[n, labels.index(owner)] >= MARGIN and not (found and reached[n][0] < found[-1].end_ms):
            found.append(_Move(*reached[n], labels[best]))
    return found


def _owners(exclusive: Sequence[Turn], spans: Array) -> Iterator[str]:
    """Who has most of each span; nobody ("") where nobody has."""
    turns = sorted(exclusive, key=lambda t: t.start_ms)
    starts, ends = np.array([t.start_ms for t in turns]), np.array([t.end_ms for t in turns])
    for start, end in spans:
        shares: dict[str, int] = {}
        for turn in turns[int(np.searchsorted(ends, start, "right")) : int(np.searchsorted(starts, end, "left"))]:
            shares[turn.speaker] = shares.get(turn.speaker, 0) + min(turn.end_ms, int(end)) - max(turn.start_ms, int(start))
        most = max(shares, key=lambda s: (shares[s], s), default="")
        yield most if shares and shares[most] >= MOSTLY * sum(shares.values()) else ""


def _reach(spans: Array, n: int) -> tuple[int, int]:
    start, end = map(int, spans[n])
    before = start - int(spans[n - 1, 1]) if n else 2 * REACH_MS
    after = int(spans[n + 1, 0]) - end if n + 1 < len(spans) else 2 * REACH_MS
    return max(0, start - _half(before)), end + _half(after)


def _half(pause_ms: int) -> int:
    return min(REACH_MS, max(0, pause_ms) // 2)


def _moved(turns: Sequence[Turn], moves: Sequence[_Move]) -> tuple[Turn, ...]:
    return joined_up(part for turn in turns for part in _parts(turn, moves))


def _parts(turn: Turn, moves: Sequence[_Move]) -> Iterator[Turn]:
    at = turn.start_ms
    for move in moves[bisect_right(moves, turn.start_ms, key=_end) : bisect_left(moves, turn.end_ms, key=_start)]:
        start, end = max(at, move.start_ms), min(turn.end_ms, move.end_ms)
        if at < start:
            yield replace(turn, start_ms=at, end_ms=start)
        yield replace(turn, start_ms=start, end_ms=end, speaker=move.speaker)
        at = end
    if at < turn.end_ms:
        yield replace(turn, start_ms=at)

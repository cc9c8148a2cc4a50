"""Packets that come again. A sender that repeats a piece of a recording repeats what was said."""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias
from zlib import crc32

import av

Packet: TypeAlias = "av.Packet[av.AudioStream]"
MOST_SEEN = 100_000
"""Packets of a track that are remembered: more than an upload has."""


@dataclass(slots=True)
class _Seen:
    """Packets of one track: the time of the last one, and the time and the sum of each."""

    latest: float = math.inf
    is_moving: bool = False
    marks: set[tuple[int, int]] = field(default_factory=set)


def once(found: Iterator[Packet]) -> Iterator[Packet]:
    """The packets, without those that come again: the same bytes, at a time that was there.

    On a clock that stands still, packets that are alike are silence.
    """
    tracks: defaultdict[int, _Seen] = defaultdict(_Seen)
    for packet in found:
        stamp = packet.pts
        if stamp is not None:
            seen = tracks[packet.stream_index]
            mark = (stamp, crc32(packet))
            if stamp > seen.latest:
                seen.is_moving = True
            elif seen.is_moving and mark in seen.marks:
                continue
            seen.latest = stamp
            if len(seen.marks) == MOST_SEEN:
                seen.marks.clear()
            seen.marks.add(mark)
        yield packet

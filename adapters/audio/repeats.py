"""Packets that come again. A sender that repeats a piece of a recording repeats what was said."""

from collections.abc import Iterator
from typing import TypeAlias
from zlib import crc32

import av

Packet: TypeAlias = "av.Packet[av.AudioStream]"
MOST_SEEN = 100_000
"""Packets that are remembered: more than an upload has."""


def once(found: Iterator[Packet]) -> Iterator[Packet]:
    """The packets, without those that come again: the same bytes, at a time that was there.

    On a clock that stands still, packets that are alike are silence.
    """
    seen: set[tuple[int, int, int]] = set()
    latest: dict[int, int] = {}
    moving: set[int] = set()
    for packet in found:
        if packet.pts is not None:
            track = packet.stream.index
            mark = (track, packet.pts, crc32(packet))
            before = latest.get(track, packet.pts)
            if track in moving and packet.pts <= before and mark in seen:
                continue
            if packet.pts > before:
                moving.add(track)
            latest[track] = packet.pts
            seen.add(mark)
            if len(seen) > MOST_SEEN:
                seen.clear()
        yield packet

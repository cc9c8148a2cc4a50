"""Sorted, disjoint, half-open integer ranges [start, end): received chunk numbers, covered milliseconds."""

from collections.abc import Iterable

Range = tuple[int, int]
Ranges = tuple[Range, ...]


def add(ranges: Ranges, start: int, end: int, bridge: int = 0) -> Ranges:
    """`ranges` with [start, end) united in; neighbours closer than or equal to `bridge` become one."""
    if end <= start:
        return ranges
    apart_before = tuple(r for r in ranges if r[1] + bridge < start)
    apart_after = tuple(r for r in ranges if end + bridge < r[0])
    touching = ranges[len(apart_before) : len(ranges) - len(apart_after)]
    low = min([start, *(r[0] for r in touching)])
    high = max([end, *(r[1] for r in touching)])
    return (*apart_before, (low, high), *apart_after)


def union(parts: Iterable[Range], bridge: int = 0) -> Ranges:
    """All of `parts` united."""
    ranges: Ranges = ()
    for start, end in parts:
        ranges = add(ranges, start, end, bridge)
    return ranges


def covers(ranges: Ranges, start: int, end: int) -> bool:
    """Whether every integer of [start, end) is held."""
    return end <= start or any(a <= start and end <= b for a, b in ranges)


def missing(ranges: Ranges, start: int, end: int) -> Ranges:
    """The parts of [start, end) that `ranges` does not hold."""
    holes: list[Range] = []
    cursor = start
    for a, b in clip(ranges, start, end):
        if a > cursor:
            holes.append((cursor, a))
        cursor = b
    if cursor < end:
        holes.append((cursor, end))
    return tuple(holes)


def clip(ranges: Ranges, start: int, end: int) -> Ranges:
    """The parts of `ranges` inside [start, end)."""
    return tuple((max(a, start), min(b, end)) for a, b in ranges if a < end and b > start)


def size(ranges: Ranges) -> int:
    """How many integers are held."""
    return sum(b - a for a, b in ranges)

"""Sorted, disjoint, half-open ranges of integers: numbers of chunks, or milliseconds.

`(start, end)` holds start, but not end. Every function returns new ranges.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from operator import itemgetter

Range = tuple[int, int]
Ranges = tuple[Range, ...]
_start = itemgetter(0)
_end = itemgetter(1)


def add(ranges: Ranges, start: int, end: int, bridge: int = 0) -> Ranges:
    """Return `ranges` and [start, end). Ranges that are `bridge` or less apart become one."""
    if end <= start:
        return ranges
    before = bisect_left(ranges, start - bridge, key=_end)
    after = bisect_right(ranges, end + bridge, lo=before, key=_start)
    for low, high in ranges[before:after]:
        start = min(start, low)
        end = max(end, high)
    return (*ranges[:before], (start, end), *ranges[after:])


def union(parts: Iterable[Range], bridge: int = 0) -> Ranges:
    """Return all of `parts`, which may overlap and come in any order."""
    ranges: Ranges = ()
    for start, end in parts:
        ranges = add(ranges, start, end, bridge)
    return ranges


def covers(ranges: Ranges, start: int, end: int) -> bool:
    """Return whether `ranges` hold every integer of [start, end). An empty span is covered."""
    if end <= start:
        return True
    return any(low <= start and end <= high for low, high in ranges)


def missing(ranges: Ranges, start: int, end: int) -> Ranges:
    """Return the parts of [start, end) that `ranges` do not hold."""
    gaps: list[Range] = []
    cursor = start
    for low, high in clip(ranges, start, end):
        if low > cursor:
            gaps.append((cursor, low))
        cursor = high
    if cursor < end:
        gaps.append((cursor, end))
    return tuple(gaps)


def remove(ranges: Ranges, start: int, end: int) -> Ranges:
    """Return `ranges` without the integers of [start, end)."""
    if end <= start:
        return ranges
    left: list[Range] = []
    for low, high in ranges:
        if low < min(high, start):
            left.append((low, min(high, start)))
        if max(low, end) < high:
            left.append((max(low, end), high))
    return tuple(left)


def clip(ranges: Ranges, start: int, end: int) -> Ranges:
    """Return the parts of `ranges` inside [start, end)."""
    inside: list[Range] = []
    for low, high in ranges:
        if low < end and high > start:
            inside.append((max(low, start), min(high, end)))
    return tuple(inside)


def numbers(ranges: Ranges) -> list[int]:
    """Return every integer that `ranges` hold, in order."""
    return [number for low, high in ranges for number in range(low, high)]


def size(ranges: Ranges) -> int:
    """Return how many integers `ranges` hold."""
    total = 0
    for low, high in ranges:
        total += high - low
    return total

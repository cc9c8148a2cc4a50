"""Pure: numbers of chunks and windows, in few bytes where rows of a session keep many of them."""

import re
from collections.abc import Container

from schemas.ranges import Ranges, add, covers

FEW = 64
"""Ranges that are kept as they are. A phone that sends its chunks in order has one or two."""
RUN = re.compile("1+")
Packed = Ranges | str
"""Ranges, or a bit for each number in hexadecimal, that of 0 last: 1,250 digits for 5,000 chunks.

A row is written with each chunk. As ranges, 5,000 chunks of which every second came first were
thirty kilobytes each time.
"""


def adding(kept: Packed, number: int) -> Packed:
    """Returns the set with that number, which is 0 or more and no larger than a session has."""
    if not isinstance(kept, str):
        return _packed(add(kept, number, number + 1))
    bits = int(kept, 16) | 1 << number
    return f"{bits:x}" if _runs(bits) > FEW else _ranges(bits)


def holds(kept: Packed, start: int, end: int) -> bool:
    """Returns whether the set has every number of [start, end)."""
    if not isinstance(kept, str):
        return covers(kept, start, end)
    bits = int(kept, 16)
    # A message may name any number: to shift by it could take all memory.
    if not 0 <= start < end <= bits.bit_length():
        return end <= start
    wanted = _bits(start, end)
    return bits & wanted == wanted


def count_of_ranges(kept: Packed) -> int:
    """Returns how many ranges the set has."""
    return _runs(int(kept, 16)) if isinstance(kept, str) else len(kept)


def ranges_of(kept: Packed) -> Ranges:
    """Returns the set as ranges."""
    return _ranges(int(kept, 16)) if isinstance(kept, str) else kept


def _packed(ranges: Ranges) -> Packed:
    if len(ranges) <= FEW:
        return ranges
    bits = 0
    for start, end in ranges:
        bits |= _bits(start, end)
    return f"{bits:x}"


def _bits(start: int, end: int) -> int:
    return (1 << end) - (1 << start)


def _runs(bits: int) -> int:
    first_of_each = bits & ~(bits << 1)
    return first_of_each.bit_count()


def _ranges(bits: int) -> Ranges:
    lowest_first = f"{bits:b}"[::-1]
    return tuple(run.span() for run in RUN.finditer(lowest_first))


def without(numbers: tuple[int, ...], others: Container[int]) -> tuple[int, ...]:
    """Returns the numbers that are not among the others, in their order."""
    rest = [number for number in numbers if number not in others]
    return tuple(rest)

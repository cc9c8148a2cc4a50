"""Pure: moments of two lists that belong together, because they are near each other."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence

Named = tuple[Hashable, int]
"""The name of something that happened, and its moment in milliseconds."""


def nearest_pairs(
    wanted: Sequence[Named], there: Sequence[Named], within_ms: int
) -> dict[int, int]:
    """Return the place in `wanted` -> the place in `there`. Each place is in one pair at most.

    A pair has one name and is at most `within_ms` apart. The nearest two go first; of pairs that
    are equally near the one that is earlier in `wanted`, then in `there`.
    """
    by_name: defaultdict[Hashable, list[tuple[int, int]]] = defaultdict(list)
    for place, (name, at_ms) in enumerate(there):
        by_name[name].append((place, at_ms))
    pairs: dict[int, int] = {}
    taken = set[int]()
    for _, one, other in sorted(_near(wanted, by_name, within_ms)):
        if one not in pairs and other not in taken:
            pairs[one] = other
            taken.add(other)
    return pairs


def _near(
    wanted: Sequence[Named],
    by_name: Mapping[Hashable, Sequence[tuple[int, int]]],
    within_ms: int,
) -> Iterator[tuple[int, int, int]]:
    for one, (name, wanted_ms) in enumerate(wanted):
        for other, at_ms in by_name.get(name, ()):
            apart_ms = abs(at_ms - wanted_ms)
            if apart_ms <= within_ms:
                yield apart_ms, one, other

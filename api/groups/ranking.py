"""Pure: places on a board, and percentiles."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from api.figures import percent


class HasCounts(Protocol):
    """A user with counts."""

    @property
    def user_id(self) -> str: ...
    @property
    def counts(self) -> int: ...


Ranked = TypeVar("Ranked", bound=HasCounts)


def ranked(people: Iterable[Ranked]) -> list[tuple[int, Ranked]]:
    """Everybody with a rank: most counts first, equal ones by user id.

    Equal counts share a rank, and the next rank is as if they did not: 1, 2, 2, 4.
    """
    places: list[tuple[int, Ranked]] = []
    for position, one in enumerate(sorted(people, key=_order), start=1):
        rank = position
        if places and places[-1][1].counts == one.counts:
            rank = places[-1][0]
        places.append((rank, one))
    return places


def _order(one: HasCounts) -> tuple[int, str]:
    return -one.counts, one.user_id


def percentile(counts: int, others: Sequence[int]) -> float | None:
    """Share of the other active people with strictly fewer counts, per cent.

    Somebody without a count is not active. None without counts, or without other active people.
    """
    active = [other for other in others if other > 0]
    if not active or not counts:
        return None
    fewer = sum(other < counts for other in active)
    return percent(fewer, len(active))

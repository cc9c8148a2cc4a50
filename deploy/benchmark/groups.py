"""Measurements that belong together."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any, Protocol, TypeVar


class Key(Hashable, Protocol):
    """A key that has an order among its kind."""

    def __lt__(self, other: Any, /) -> bool: ...


T = TypeVar("T")
K = TypeVar("K", bound=Key)


def grouped(found: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """Return those of each key, in order of the keys; those of one key in their own order."""
    groups: dict[K, list[T]] = {}
    for one in sorted(found, key=key):
        groups.setdefault(key(one), []).append(one)
    return groups

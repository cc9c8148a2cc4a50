"""A mapping of bounded size, which forgets the oldest entries."""

from collections.abc import ItemsView
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class KeptLatest(Generic[K, V]):
    """The latest `most` keys by the time that each came first. Nothing blocks; not thread-safe.

    A key that comes again gets its new value and keeps its age. `cachetools.FIFOCache` would make
    it the youngest.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: dict[K, V] = {}

    def put(self, key: K, value: V) -> None:
        """Keep an entry, and forget the oldest one when there are too many."""
        self._entries[key] = value
        if len(self._entries) > self._most:
            oldest = next(iter(self._entries))
            del self._entries[oldest]

    def get(self, key: K) -> V | None:
        """The value, or None for a key that is not kept."""
        return self._entries.get(key)

    def items(self) -> ItemsView[K, V]:
        """All entries, the oldest first."""
        return self._entries.items()

    def __contains__(self, key: K) -> bool:
        """Whether the key is kept."""
        return key in self._entries

"""Values of a table as a part of a state: each is read when it is asked for, and once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Generic, TypeVar

import msgspec

from streams.store import Store

T = TypeVar("T", bound=msgspec.Struct)


@dataclass(frozen=True)
class View(Generic[T]):
    """The values of one kind by key. `changes` are those that differ from the table.

    Nobody writes the table between the load and the save of an event, so that a decision over a
    view depends on nothing else.
    """

    read: Callable[[str], T | None] = field(compare=False)
    changes: Mapping[str, T] = field(default_factory=dict)

    def get(self, key: str) -> T | None:
        """Returns the value at `key`; None when there is none."""
        if key in self.changes:
            return self.changes[key]
        return self.read(key)

    def setting(self, key: str, value: T) -> "View[T]":
        """Returns a view with this value at `key`."""
        return View(self.read, {**self.changes, key: value})

    def save(self, store: Store) -> None:
        """Writes the changes."""
        for key, value in self.changes.items():
            store.put(key, value)


def view_of(store: Store, kind: type[T]) -> View[T]:
    """Returns the values of that kind. One that was read stays for the event that is handled.

    A talk of hours has more of them than the host remembers, and an event may ask several times.
    """
    return View(cache(lambda key: store.get(key, kind)))

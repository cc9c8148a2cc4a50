"""A fold's view of its table."""

from collections.abc import Callable, MutableMapping
from typing import TypeVar, cast

import msgspec

T = TypeVar("T", bound=msgspec.Struct)
Writes = dict[str, msgspec.Struct | None]
"""Values by key; None deletes the key."""


class Store:
    """Small values by key, for one partition and one micro-batch. Not thread-safe.

    Reads see the writes of the events before. The host puts the writes into the table when the
    transaction of the batch is committed; until then they have no effect. Values are frozen
    structs and are shared: nobody changes one that was read or written.
    """

    def __init__(
        self,
        table: Callable[[str], bytes | None],
        decoded: MutableMapping[str, msgspec.Struct] | None = None,
    ) -> None:
        """`table` reads encoded values. `decoded` remembers those that were read before."""
        self._table = table
        self._decoded = {} if decoded is None else decoded
        self._accepted: Writes = {}
        self._event: Writes = {}

    def get(self, key: str, kind: type[T]) -> T | None:
        """Returns the value at `key`; None when there is none."""
        for writes in (self._event, self._accepted):
            if key in writes:
                return cast(T | None, writes[key])
        if key in self._decoded:
            return cast(T, self._decoded[key])
        body = self._table(key)
        if not body:
            return None
        value = msgspec.json.decode(body, type=kind)
        self._decoded[key] = value
        return value

    def put(self, key: str, value: msgspec.Struct) -> None:
        """Sets the value at `key`. A value equal to the present one is not written."""
        if value != self.get(key, type(value)):
            self._event[key] = value

    def delete(self, key: str) -> None:
        """Removes the value at `key`. Repeatable."""
        if self._has(key):
            self._event[key] = None

    def set(self, key: str, value: msgspec.Struct | None) -> None:
        """Sets the value at `key`, or removes it for None."""
        if value is None:
            self.delete(key)
        else:
            self.put(key, value)

    def _has(self, key: str) -> bool:
        for writes in (self._event, self._accepted):
            if key in writes:
                return writes[key] is not None
        return key in self._decoded or bool(self._table(key))

    @property
    def pending(self) -> Writes:
        """The writes of the event that is handled now."""
        return self._event

    def discard(self) -> None:
        """Forgets what the event wrote that is handled now."""
        self._event.clear()

    def accept(self) -> None:
        """Keeps what the event wrote. The next event begins."""
        self._accepted |= self._event
        self._event = {}

    @property
    def writes(self) -> Writes:
        """All writes that were not discarded."""
        return self._accepted | self._event

    def write_to(self, table: MutableMapping[str, bytes]) -> None:
        """Carries all writes out in a table in memory."""
        for key, value in self.writes.items():
            if value is None:
                table.pop(key, None)
            else:
                table[key] = msgspec.json.encode(value)

"""A fold's view of its table."""

from collections.abc import Callable
from typing import TypeVar

import msgspec

T = TypeVar("T", bound=msgspec.Struct)


class Store:
    """Small values by key, for the time of one event.

    Reads see the writes of the same event. The agent puts `writes` into the table when all outputs
    are confirmed; until then they have no effect.
    """

    def __init__(self, table: Callable[[str], bytes | None]) -> None:
        self._table = table
        self.writes: dict[str, bytes] = {}

    def get(self, key: str, kind: type[T]) -> T | None:
        """Returns the value at `key`; None when there is none."""
        body = self.writes.get(key) or self._table(key)
        return msgspec.json.decode(body, type=kind) if body else None

    def put(self, key: str, value: msgspec.Struct) -> None:
        """Sets the value at `key`. A value equal to the table's is not written."""
        body = msgspec.json.encode(value)
        if body != self._table(key):
            self.writes[key] = body

"""What a fold sees of its table: reads of what is held, writes collected until the outputs are confirmed."""

from collections.abc import Callable
from typing import TypeVar

import msgspec

T = TypeVar("T", bound=msgspec.Struct)


class Store:
    """Small values by key. Writes are seen by later reads, and land in the table only when the agent says so."""

    def __init__(self, held: Callable[[str], bytes | None]) -> None:
        self._held = held
        self.writes: dict[str, bytes] = {}

    def get(self, key: str, kind: type[T]) -> T | None:
        """The value at `key`, or None."""
        found = self.writes.get(key) or self._held(key)
        return msgspec.json.decode(found, type=kind) if found else None

    def put(self, key: str, value: msgspec.Struct) -> None:
        """Set the value at `key`; an equal value is no write."""
        body = msgspec.json.encode(value)
        if body != self._held(key):
            self.writes[key] = body

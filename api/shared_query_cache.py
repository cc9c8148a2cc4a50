"""Answers that are everybody's, kept for a minute: each Wrapped would ask for them again."""

import threading
from collections.abc import Mapping
from typing import Any

from cachetools import TTLCache

from adapters.warehouse import Queries, Row

KEPT_S, MOST = 60.0, 256
"""How late a change of everybody's words, or of the lexicon, may show; answers kept."""


class Remembering:
    """`Queries` that asks `warehouse` for `shared` answers (question -> the parameters that matter) once a minute. Thread-safe.

    An answer is the same list for everybody: nobody may change it.
    """

    def __init__(self, warehouse: Queries, shared: Mapping[str, tuple[str, ...]]) -> None:
        self._warehouse, self._shared = warehouse, shared
        self._held: TTLCache[tuple[str, ...], list[Row]] = TTLCache(MOST, KEPT_S)
        self._lock = threading.Lock()

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """Rows of a SELECT. Blocking."""
        if sql not in self._shared:
            return self._warehouse.query(sql, parameters)
        asked = {name: (parameters or {})[name] for name in self._shared[sql]}
        key = (sql, *(str(value) for value in asked.values()))
        with self._lock:
            held = self._held.get(key)
        if held is None:
            held = self._warehouse.query(sql, asked)
            with self._lock:
                self._held[key] = held
        return held

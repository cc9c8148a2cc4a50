"""Query answers that are the same for everybody, cached for a minute."""

import threading
from collections.abc import Mapping
from typing import Any

from cachetools import TTLCache, cachedmethod

from adapters.warehouse import Queries, R

KEEP_S = 60.0
"""How late a change of everybody's words, or of the lexicon, may show."""
MOST_ANSWERS = 256


class SharedQueryCache:
    """Sends each shared query to the warehouse once a minute. Thread-safe, blocking.

    `shared` names those queries, each with the parameters that matter to it; no other parameter
    reaches the warehouse. An answer is the same list for everybody: nobody may change it.
    """

    def __init__(self, warehouse: Queries, shared: Mapping[str, tuple[str, ...]]) -> None:
        self._warehouse = warehouse
        self._shared = shared
        self._answers: TTLCache[Any, Any] = TTLCache(MOST_ANSWERS, KEEP_S)
        self._lock = threading.Lock()

    def query(
        self, sql: str, parameters: Mapping[str, Any] | None = None, *, row: type[R]
    ) -> list[R]:
        """All rows of a SELECT. Raises TransientError when the warehouse is away.

        Errors are not cached.
        """
        if sql not in self._shared:
            return self._warehouse.query(sql, parameters, row=row)
        given = parameters or {}
        wanted = tuple((name, given[name]) for name in self._shared[sql])
        answer: list[R] = self._shared_answer(sql, wanted, row)
        return answer

    @cachedmethod(lambda self: self._answers, lock=lambda self: self._lock)
    def _shared_answer(
        self, sql: str, parameters: tuple[tuple[str, Any], ...], row: type[R]
    ) -> list[R]:
        return self._warehouse.query(sql, dict(parameters), row=row)

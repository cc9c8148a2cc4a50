"""Query answers that are the same for everybody, cached for a minute."""

from collections.abc import Mapping
from typing import Any

from cachetools import TTLCache

from adapters.warehouse import Queries, R
from api.kept_answers import KeptAnswers

KEEP_S = 60.0
"""How late a change of everybody's words, or of the lexicon, may show."""
MOST_ANSWERS = 256


class SharedQueryCache:
    """Sends each shared query to the warehouse once a minute. Thread-safe, blocking.

    `shared` names those queries, each with the parameters that matter to it; no other parameter
    reaches the warehouse. An answer is the same list for everybody: nobody may change it.
    """

    def __init__(
        self,
        warehouse: Queries,
        shared: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._warehouse = warehouse
        self._shared = shared
        self._answers = KeptAnswers[list[Any]](TTLCache(MOST_ANSWERS, KEEP_S))

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
        return self._answers.get(
            (sql, wanted, row), lambda: self._warehouse.query(sql, dict(wanted), row=row)
        )

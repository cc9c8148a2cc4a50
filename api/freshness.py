"""How new the answers are: everything that was known at some moment is in them."""

from adapters.process.clock import SKEW_MS, Clock
from adapters.process.retry import TransientError
from adapters.warehouse import Queries, TypedRow
from schemas.days import moment

UNTIL = "SELECT toUnixTimestamp64Milli(until) AS until_ms FROM freshness WHERE stage = 'sink'"
"""A few rows: those that are not merged yet. The newest replaces the others."""
OLD_MS = 60_000
"""Older answers are worth a word to operators. The sink writes a newer moment each few seconds."""


class UntilRow(TypedRow, frozen=True):
    """A moment up to which everything is in the warehouse, Unix milliseconds."""

    until_ms: int


class Freshness:
    """The newest moment that the warehouse has, as of the last look. Reading it does not block."""

    def __init__(self, warehouse: Queries, clock: Clock) -> None:
        self._warehouse = warehouse
        self._clock = clock
        self._until_ms: int | None = None

    def look(self) -> bool:
        """Ask the warehouse; whether it answered. Blocking."""
        try:
            rows = self._warehouse.query(UNTIL, row=UntilRow)
        except TransientError:
            return False
        latest_ms = self._clock() + SKEW_MS
        moments = [row.until_ms for row in rows if row.until_ms <= latest_ms]
        self._until_ms = max(moments, default=self._until_ms)
        return True

    def as_of(self) -> str:
        """The moment in ISO 8601, UTC; empty before it is known."""
        if self._until_ms is None:
            return ""
        return moment(self._until_ms).isoformat(timespec="seconds")

    def complaint(self) -> str:
        """For operators: how old the answers are, when they are old. Else empty."""
        if self._until_ms is None:
            return ""
        age_ms = self._clock() - self._until_ms
        return f"new numbers: these are {age_ms // 1000} s old" if age_ms > OLD_MS else ""

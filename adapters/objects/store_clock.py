"""How far the clock of this process is from that of the object store, as each answer says it.

Most processes ask the store, so all their clocks are compared with one. Messages of the broker say
the times of their writers, each by a clock of its own.
"""

from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

import urllib3

from adapters.process import metrics
from adapters.process.clock import unix_ms
from schemas.days import unix_ms_of

DATE_MS = 1_000
"""The store says its time in whole seconds, those that are over."""


class Exchange:
    """One request. It is made before the request is sent."""

    def __init__(self) -> None:
        self._asked_ms = unix_ms()

    def answered(self, date: str | None) -> None:
        """Notes the header `Date` of the answer. One that is no date says nothing."""
        try:
            said = parsedate_to_datetime(date or "").replace(tzinfo=UTC)
        except ValueError:
            return
        ahead_ms = least_ahead_ms(self._asked_ms, unix_ms(), unix_ms_of(said))
        metrics.CLOCK_AHEAD.set(ahead_ms / 1_000)


def least_ahead_ms(asked_ms: int, answered_ms: int, store_ms: int) -> int:
    """Returns by how much the own clock is ahead at least; below 0, behind.

    0 as long as both may be equal: an answer may take long, and a process may pause meanwhile.
    """
    latest_ms = store_ms + DATE_MS
    if asked_ms > latest_ms:
        return asked_ms - latest_ms
    return min(0, answered_ms - store_ms)


class DatedPool(urllib3.PoolManager):
    """Connections to the store. Each answer is noted."""

    def urlopen(  # type: ignore[override]
        self, method: str, url: str, redirect: bool = True, **options: Any
    ) -> urllib3.BaseHTTPResponse:
        """As the manager does it."""
        exchange = Exchange()
        answer = super().urlopen(method, url, redirect, **options)
        exchange.answered(answer.headers.get("Date"))
        return answer

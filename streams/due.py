"""Sessions that time alone changes: an index in memory, rebuilt from the table."""

import heapq
from collections.abc import Iterable

import msgspec

from schemas.ids import SessionId, event_id
from schemas.session_events import Tick
from streams.sessions.due_times import due_at
from streams.sessions.state import Header, Rules

AGAIN_MS = 10_000
"""A Tick that changed nothing by then, as when it was lost, is sent once more."""


class Due:
    """When each session is due. One of a partition that moved away gets a Tick too, which does no harm."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._at: dict[str, int] = {}
        self._queue: list[tuple[int, str]] = []

    def note(self, key: str, value: bytes) -> None:
        """A value was written to the sessions table."""
        if "/" in key:
            return
        at = due_at(msgspec.json.decode(value, type=Header), self._rules)
        if at is None:
            self._at.pop(key, None)
        elif self._at.get(key) != at:
            self._set(key, at)

    def _set(self, key: str, at_ms: int) -> None:
        self._at[key] = at_ms
        heapq.heappush(self._queue, (at_ms, key))

    def rebuild(self, entries: Iterable[tuple[bytes, bytes]]) -> None:
        """After a recovery: read every header that is held."""
        for key, value in entries:
            if value:
                self.note(key.decode(), value)

    def ticks(self, now_ms: int) -> list[Tick]:
        """One Tick for every session that is due."""
        due: list[str] = []
        while self._queue and self._queue[0][0] <= now_ms:
            at_ms, key = heapq.heappop(self._queue)
            if (
                self._at.get(key) == at_ms
            ):  # else it was moved since: the queue has its other time, too
                due.append(key)
        for key in due:
            self._set(key, now_ms + AGAIN_MS)
        return [
            Tick(
                event_id=event_id("Tick", k, now_ms),
                occurred_at_ms=now_ms,
                session_id=SessionId(k),
                now_ms=now_ms,
            )
            for k in due
        ]

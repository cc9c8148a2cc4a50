"""When time alone changes a session, and an index in memory of the sessions that wait for it."""

import heapq
from collections.abc import Iterable

import msgspec

from schemas.ids import SessionId
from schemas.session_events import FINAL, State, Tick
from streams.sessions.state import Rules, Session

DAY_MS = 24 * 3600 * 1000
AGAIN_MS = 10_000
"""A Tick that changed nothing by then, as when it was lost, is sent once more."""


def due_at(session: Session, rules: Rules) -> int | None:
    """When a Tick would do something, Unix milliseconds; None when only another event can.

    An open session is sealed when the grace after its end is over, or when it has gone silent. The words of one that is
    over go when its owner's days are over, counted from the last that came of it.
    """
    if not session.sealed:
        if session.state is State.ERASED:
            return None
        return (
            session.last_arrival_ms + rules.idle_ms
            if session.ended_at_ms is None
            else session.ended_at_ms + rules.grace_ms
        )
    if session.is_text_gone or session.state is State.ERASED or session.state not in FINAL:
        return None
    return session.last_arrival_ms + session.keep_transcript_days * DAY_MS


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
        at = due_at(msgspec.json.decode(value, type=Session), self._rules)
        if at is None:
            self._at.pop(key, None)
        elif self._at.get(key) != at:
            self._set(key, at)

    def _set(self, key: str, at_ms: int) -> None:
        self._at[key] = at_ms
        heapq.heappush(self._queue, (at_ms, key))

    def rebuild(self, entries: Iterable[tuple[bytes, bytes]]) -> None:
        """After a recovery: read every session that is held."""
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
                occurred_at_ms=now_ms,
                session_id=SessionId(k),
                now_ms=now_ms,
            )
            for k in due
        ]

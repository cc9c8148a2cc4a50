"""When time alone changes a session, and an index in memory of the sessions that wait for it."""

import heapq
from collections.abc import Iterable

import msgspec

from schemas.ids import SessionId
from schemas.session_events import FINAL, State, Tick
from streams.sessions.state import Rules, Session, session_of

DAY_MS = 24 * 3600 * 1000
AGAIN_MS = 10_000
"""A Tick that changed nothing by then, for instance because it was lost, is sent once more."""


def due_at(session: Session, rules: Rules) -> int | None:
    """Returns when a Tick would do something, Unix milliseconds; None when none ever would.

    An open session is sealed when the grace after its end is over, or when it has gone silent. The
    text of a final one expires after its owner's days, counted from the last arrival.
    """
    if not session.is_started or session.state is State.ERASED or session.is_text_gone:
        return None
    if not session.sealed:
        if session.ended_at_ms is None:
            return session.last_arrival_ms + rules.idle_ms
        return session.ended_at_ms + rules.grace_ms
    if session.state not in FINAL:
        return None
    return session.last_arrival_ms + session.keep_transcript_days * DAY_MS


class Due:
    """The sessions that are due, in memory; rebuilt from the table after a recovery.

    Sessions of a partition that moved to another worker may get a Tick from both. Not thread-safe.
    """

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._at: dict[SessionId, int] = {}
        self._queue: list[tuple[int, SessionId]] = []

    def note(self, key: str, value: bytes) -> None:
        """Takes a write of the sessions table. Keys of chunks are ignored."""
        session_id = session_of(key)
        if session_id is None:
            return
        at_ms = due_at(msgspec.json.decode(value, type=Session), self._rules)
        if at_ms is None:
            self._at.pop(session_id, None)
        elif self._at.get(session_id) != at_ms:
            self._set(session_id, at_ms)

    def rebuild(self, entries: Iterable[tuple[bytes, bytes]]) -> None:
        """Takes all keys and values of the table."""
        for key, value in entries:
            if value:
                self.note(key.decode(), value)

    def ticks(self, now_ms: int) -> list[Tick]:
        """Returns one Tick for every session that is due. Each is due again after AGAIN_MS."""
        due: list[SessionId] = []
        while self._queue and self._queue[0][0] <= now_ms:
            at_ms, session_id = heapq.heappop(self._queue)
            if self._at.get(session_id) == at_ms:  # else it has a newer entry
                due.append(session_id)
        for session_id in due:
            self._set(session_id, now_ms + AGAIN_MS)
        return [Tick(occurred_at_ms=now_ms, session_id=due_id, now_ms=now_ms) for due_id in due]

    def _set(self, session_id: SessionId, at_ms: int) -> None:
        self._at[session_id] = at_ms
        heapq.heappush(self._queue, (at_ms, session_id))

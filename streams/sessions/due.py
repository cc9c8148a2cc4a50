"""When time alone changes a session, and the sessions that wait for it."""

from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import Protocol
from zlib import crc32

import msgspec

from schemas.codec import NO_EVENT
from schemas.ids import SessionId
from schemas.limits import DAY_MS
from schemas.retention import MARKS_MS
from schemas.session_events import FINAL, State, Tick
from streams.sessions import watchdog
from streams.sessions.recorded import session_of
from streams.sessions.state import Rules, Timing

AGAIN_MS = 10_000
"""A Tick that changed nothing by then, for instance because it was lost, is sent once more."""
MOST = 200
"""Sessions of one partition that have their turn at a time. The others have theirs after these."""


def due_at(session: Timing, rules: Rules) -> int | None:
    """Returns when a Tick would do something, Unix milliseconds; None when none ever would.

    An open session is sealed when the grace after its end is over, or when it has gone silent.
    Chunks that are late are taken when they have waited. The watchdog looks after a sealed session
    until it is final. The text of a final one expires after its owner's days, counted from the last
    arrival. The mark of an erased one leaves after MARKS_MS, when nothing of it can come any more.
    """
    if session.state is State.ERASED:
        return session.last_arrival_ms + MARKS_MS
    if not session.is_started or session.is_text_gone:
        return None
    if not session.sealed:
        over_ms = over_at(session, rules)
        return min(over_ms, session.late_until_ms) if session.has_late else over_ms
    if session.has_late:
        return session.late_until_ms
    if session.state not in FINAL:
        return session.progressed_ms + watchdog.wait_ms(session, rules)
    return session.last_arrival_ms + session.keep_transcript_days * DAY_MS


def over_at(session: Timing, rules: Rules) -> int:
    """Returns when an open session is sealed if nothing comes till then, Unix milliseconds."""
    if session.ended_at_ms is None:
        return session.last_arrival_ms + rules.idle_ms
    return session.ended_at_ms + rules.grace_ms


def is_due(session: Timing, event: Tick, rules: Rules) -> bool:
    """Returns whether this Tick does something."""
    due_ms = due_at(session, rules)
    if due_ms is None or event.now_ms < due_ms:
        return False
    is_watched = session.sealed and session.state not in FINAL and not session.has_late
    return not is_watched or watchdog.is_overdue(session, event, rules)


class DueIndex:
    """The order of the sessions table by time."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    @property
    def version(self) -> str:
        """Changes when the rules do that `due` depends on, or what it can read."""
        rules = self._rules
        fields = crc32(msgspec.json.encode(msgspec.json.schema(Timing)))
        return f"{rules.idle_ms} {rules.grace_ms} {rules.patience_ms} {MARKS_MS} {fields}"

    def due(self, key: bytes, value: bytes) -> int | None:
        """Returns when the session at `key` is due; None for keys of chunks and buckets.

        Only the fields of Timing are decoded: the answer depends on nothing else. None as well for
        a row that another version wrote and this one cannot read: all others are restored.
        """
        try:
            if session_of(key.decode()) is None:
                return None
            return due_at(msgspec.json.decode(value, type=Timing), self._rules)
        except NO_EVENT:
            return None


class Index(Protocol):
    """Port of `adapters.table.Table`."""

    def due(self, partition: int, now_ms: int) -> Iterator[bytes]:
        """Yields the keys that are due, the oldest first."""


class DueSessions:
    """The sessions of this worker that are due. Not thread-safe.

    Sessions of a partition that moved to another worker may get a Tick from both.
    """

    def __init__(self, index: Index, owned: Callable[[], Collection[int]]) -> None:
        self._index = index
        self._owned = owned
        self._turns: dict[int, _Turns] = {}

    def has_any(self, at_ms: int) -> bool:
        """Returns whether a session would be due at that moment if nothing came till then."""
        for partition in self._owned():
            first = next(self._index.due(partition, at_ms), None)
            if first is not None:
                return True
        return False

    def ticks(self, now_ms: int, handled_until_ms: int | None) -> list[Tick]:
        """Returns one Tick for each session that is due, for MOST sessions of a partition.

        A session that is still due after AGAIN_MS gets another when all others have had theirs:
        those of a stage that does not keep up stay due, and stand in nobody's way.
        """
        self._turns = {one: self._turns.get(one) or _Turns() for one in self._owned()}
        ticks: list[Tick] = []
        for partition, turns in self._turns.items():
            due = map(_session, self._index.due(partition, now_ms))
            ticks += [_tick(one, now_ms, handled_until_ms) for one in turns.next(due, now_ms)]
        return ticks


class _Turns:
    """The sessions of one partition that had their turn, and when (Unix milliseconds)."""

    def __init__(self) -> None:
        self._had_ms: dict[SessionId, int] = {}
        self._is_over = True

    def next(self, due: Iterator[SessionId], now_ms: int) -> list[SessionId]:
        """Returns up to MOST of those that are due and had no turn in this round."""
        if self._is_over:
            self._had_ms = {
                one: had_ms
                for one, had_ms in self._had_ms.items()
                if abs(now_ms - had_ms) < AGAIN_MS  # one far ahead is of a clock that went back
            }
        found = list(islice((one for one in due if one not in self._had_ms), MOST))
        self._is_over = len(found) < MOST
        self._had_ms |= dict.fromkeys(found, now_ms)
        return found


def _session(key: bytes) -> SessionId:
    return SessionId(key.decode())


def _tick(session_id: SessionId, now_ms: int, handled_until_ms: int | None) -> Tick:
    return Tick(
        occurred_at_ms=now_ms,
        session_id=session_id,
        now_ms=now_ms,
        handled_until_ms=handled_until_ms,
    )

"""Sessions that may have to be sealed without another event: an index in memory, rebuilt from the table."""

from collections.abc import Iterable

import msgspec

from schemas.ids import event_id
from schemas.session_events import State, Tick
from streams.sessions.fold import is_due
from streams.sessions.state import Header, Rules


class Due:
    """Headers of open sessions. A session of a partition that moved away gets a Tick too, which does no harm."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._open: dict[str, Header] = {}

    def note(self, key: str, value: bytes) -> None:
        """A value was written to the sessions table."""
        if "/" in key:
            return
        header = msgspec.json.decode(value, type=Header)
        if header.state is State.RECORDING:
            self._open[key] = header
        else:
            self._open.pop(key, None)

    def rebuild(self, entries: Iterable[tuple[bytes, bytes]]) -> None:
        """After a recovery: read every header that is held."""
        for key, value in entries:
            if value:
                self.note(key.decode(), value)

    def ticks(self, now_ms: int) -> list[Tick]:
        """One Tick for every session that is due."""
        due = [h for h in self._open.values() if is_due(h, now_ms, self._rules)]
        return [Tick(event_id=event_id("Tick", h.session_id, now_ms), occurred_at_ms=now_ms, session_id=h.session_id, now_ms=now_ms) for h in due]

"""Pure: which sessions an audit judges, and when one of them still moves."""

from dataclasses import dataclass

from deploy.audit.log_facts import LogFacts
from schemas.session_events import FINAL, State

SETTLE_MS = 30_000
"""A session is judged this long after its newest event.

Its stages have read all of it by then, unless they are behind: then it still moves.
"""
STUCK_MS = 1_800_000
"""A session that is not final and has no event for this long makes no progress."""


@dataclass(frozen=True)
class Span:
    """Sessions recorded in [since_ms, until_ms), Unix time. `settle_ms`: see SETTLE_MS."""

    since_ms: int = 0
    until_ms: int = 1 << 62
    settle_ms: int = SETTLE_MS
    stuck_ms: int = STUCK_MS

    def holds(self, facts: LogFacts) -> bool:
        """Whether the session was recorded in the span. One without a start is in every span."""
        recorded_ms = recorded_at(facts)
        return recorded_ms is None or self.since_ms <= recorded_ms < self.until_ms

    def is_moving(self, facts: LogFacts, now_ms: int) -> bool:
        """Whether the session is not to be judged yet: its stages are at work."""
        quiet_ms = now_ms - facts.newest_ms
        if quiet_ms >= self.stuck_ms:
            return False
        if facts.waits or quiet_ms < self.settle_ms:
            return True
        return facts.listing is not None and facts.listing.state not in FINAL

    def is_stuck(self, facts: LogFacts, now_ms: int) -> bool:
        """Whether the session should be final and makes no progress."""
        state = facts.listing.state if facts.listing else State.RECORDING
        return state not in FINAL and now_ms - facts.newest_ms >= self.stuck_ms


def recorded_at(facts: LogFacts) -> int | None:
    """Return when the session began by its phone; None when the log has no start of it."""
    if facts.listing is not None:
        return facts.listing.recorded_at_ms
    return facts.started.recorded_at_ms if facts.started else None

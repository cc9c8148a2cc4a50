"""Pure: which sessions an audit judges, and when one of them still moves."""

from dataclasses import dataclass
from datetime import date

from adapters.erasure.erasable_rows import SLACK, Days
from deploy.audit.log_facts import NO_END_MS, LogFacts
from schemas.days import moment
from schemas.limits import FIRST_DAY, LAST_DAY
from schemas.session_events import FINAL

SETTLE_MS = 30_000
"""A session is judged this long after its newest event.

Its stages have read all of it by then, unless they are behind: then it still moves.
"""
LOOK_MS = 30_000
FIRST_MS = 0
LAST_MS = 5_662_000_000_000
"""A moment of the last year that ClickHouse's Date has."""
STUCK_MS = 1_800_000
"""A session that is not final and has no event for this long makes no progress."""


@dataclass(frozen=True)
class Span:
    """Sessions recorded in [since_ms, until_ms), Unix time. `settle_ms`: see SETTLE_MS.

    `look_ms`: a day is wrong when it is wrong at each look within this time. `rollup` comes after
    the sink.
    """

    since_ms: int = 0
    until_ms: int = NO_END_MS
    settle_ms: int = SETTLE_MS
    stuck_ms: int = STUCK_MS
    look_ms: int = LOOK_MS

    def holds(self, facts: LogFacts) -> bool:
        """Whether the session was recorded in the span. One without a start is in every span."""
        recorded_ms = facts.recorded_at_ms
        return recorded_ms is None or self.since_ms <= recorded_ms < self.until_ms

    def days(self) -> Days:
        """Return the days on which rows of the span may lie, within those of the warehouse."""
        first = _day(max(self.since_ms, FIRST_MS))
        last = _day(min(self.until_ms, LAST_MS))
        return Days(max(first - SLACK, FIRST_DAY), min(last + SLACK, LAST_DAY))

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
        if not facts.is_known:
            return False
        return facts.state not in FINAL and now_ms - facts.newest_ms >= self.stuck_ms


def _day(unix_ms: int) -> date:
    return moment(unix_ms).date()

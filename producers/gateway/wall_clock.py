"""Pure: times that a phone's clock says.

A phone whose clock stands at 1970 records as well as any other. The order of what it recorded
follows from the timeline. Its time says on which day that was, and no day so far away can be.
"""

from typing import NamedTuple

from schemas.limits import DAY_MS, RECORDED


class WallTime(NamedTuple):
    """Unix milliseconds, and whether they are the server's instead of the phone's."""

    unix_ms: int
    is_corrected: bool


def believed(said_ms: int, arrived_ms: int) -> WallTime:
    """The time that a phone said; the time of arrival when it cannot be true."""
    if RECORDED.least * DAY_MS <= said_ms - arrived_ms <= RECORDED.most * DAY_MS:
        return WallTime(said_ms, is_corrected=False)
    return WallTime(arrived_ms, is_corrected=True)

"""Pure: which day it is, or was, somewhere: a night out belongs to the day it began on (contracts, section 3)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

DAY_STARTS_AT = timedelta(hours=4)


def day_of(unix_ms: int, time_zone: str) -> str:
    """ISO date of the day, cut at 04:00 in the time zone."""
    local = (
        datetime.fromtimestamp(unix_ms / 1000, UTC)
        .astimezone(ZoneInfo(time_zone))
        .replace(tzinfo=None)
    )
    return (local - DAY_STARTS_AT).date().isoformat()

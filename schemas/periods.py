"""Pure: what `period=` means, as first and last day."""

from datetime import date, timedelta

FIRST, LAST = date(1970, 1, 2), date(2149, 6, 5)
"""The range of ClickHouse's Date."""
NAMED = ("year", "month", "week", "all")


def bounds(period: str, today: date) -> tuple[date, date]:
    """year, month, week, all, or FROM..TO (both included). Raises ValueError for anything else."""
    match period:
        case "all":
            return FIRST, LAST
        case "year":
            return date(today.year, 1, 1), date(today.year, 12, 31)
        case "month":
            following = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
            return today.replace(day=1), following - timedelta(days=1)
        case "week":
            monday = today - timedelta(days=today.weekday())
            return monday, monday + timedelta(days=6)
    first, _, last = period.partition("..")
    found = date.fromisoformat(first), date.fromisoformat(last)
    if not FIRST <= found[0] <= found[1] <= LAST:
        raise ValueError(period)
    return found

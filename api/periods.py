"""Pure: what `period=` means, as first and last day."""

from datetime import date, timedelta

from adapters.problems import Refusal

FIRST, LAST = date(1970, 1, 2), date(2149, 6, 5)
"""The range of ClickHouse's Date."""


def bounds(period: str, today: date) -> tuple[date, date]:
    """year, month, week, all, or FROM..TO (both included). Refusal 422 for anything else."""
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
    try:
        found = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise _bad() from None
    if not FIRST <= found[0] <= found[1] <= LAST:
        raise _bad()
    return found


def _bad() -> Refusal:
    return Refusal(422, "bad-period", "Bad period", "period is year, month, week, all, or FROM..TO as 2026-01-01..2026-03-31.")

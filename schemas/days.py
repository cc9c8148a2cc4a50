"""Calendar days: the day of a session, and periods such as "this week"."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from schemas.limits import FIRST_DAY, LAST_DAY
from schemas.rejections import Reason, Rejected

DAY_STARTS_AT = timedelta(hours=4)
"""Local time at which a day begins. Words at 02:00 belong to the evening before."""
NAMED = ("year", "month", "week", "all")
"""Periods that have a name."""
PERIODS = f"{', '.join(NAMED)}, or FROM..TO"
"""All of them, for people."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def moment(unix_ms: int) -> datetime:
    """Return Unix milliseconds as UTC, exactly. Raises OverflowError outside of the calendar."""
    return EPOCH + timedelta(milliseconds=unix_ms)


def unix_ms_of(moment: datetime) -> int:
    """Return an aware moment as Unix milliseconds, exactly; parts of one are dropped."""
    return (moment - EPOCH) // MILLISECOND


def day_of(unix_ms: int, time_zone: str) -> str:
    """Return the ISO date of the day, cut at 04:00 in the time zone (an IANA name).

    Raises Rejected for a moment that no calendar has and for a time zone that nobody knows.
    """
    try:
        on_the_clock = moment(unix_ms).astimezone(ZoneInfo(time_zone)).replace(tzinfo=None)
        return (on_the_clock - DAY_STARTS_AT).date().isoformat()
    except (ArithmeticError, LookupError, OSError, ValueError) as error:
        raise Rejected(Reason.MALFORMED_EVENT, f"no day: {type(error).__name__}") from None


def is_storable(day: str) -> bool:
    """Return whether the warehouse has rows of an ISO date. A phone's clock may say anything."""
    return FIRST_DAY.isoformat() <= day <= LAST_DAY.isoformat()


def bounds(period: str, today: date) -> tuple[date, date]:
    """Return the first and the last day of a period, both included.

    A period is `year`, `month`, `week`, `all` or `FROM..TO`. Raises ValueError for anything else.
    """
    match period:
        case "all":
            return FIRST_DAY, LAST_DAY
        case "year":
            return date(today.year, 1, 1), date(today.year, 12, 31)
        case "month":
            return _month(today)
        case "week":
            monday = today - timedelta(days=today.weekday())
            return monday, monday + timedelta(days=6)
    return _span(period)


def _month(today: date) -> tuple[date, date]:
    first = today.replace(day=1)
    # Four days after the 28th are in the next month, whichever it is.
    next_month = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
    return first, next_month - timedelta(days=1)


def _span(period: str) -> tuple[date, date]:
    start, _, end = period.partition("..")
    first = date.fromisoformat(start)
    last = date.fromisoformat(end)
    # Python takes days of a week too, and days without dashes.
    if period != f"{first}..{last}" or not FIRST_DAY <= first <= last <= LAST_DAY:
        raise ValueError(period)
    return first, last

"""Which day it is.

In Singapore it is tomorrow while the servers' clock says eight in the evening.
"""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.settings import Settings
from adapters.wrong_setting import WrongSettingError
from api.date_range import DateRange
from schemas.days import bounds, day_of, moment, unix_ms_of
from schemas.limits import FIRST_DAY


def unix_ms(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=UTC).timestamp() * 1000)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ((2026, 11, 25, 19, 59), "2026-11-25"),
        ((2026, 11, 25, 20, 0), "2026-11-26"),
        ((2026, 11, 26, 1), "2026-11-26"),
    ],
)
def test_a_day_ends_at_four_where_people_live(moment: tuple[int, ...], day: str) -> None:
    assert day_of(unix_ms(*moment), Settings().time_zone) == day


@given(st.integers(0, 4_102_444_800_000))
def test_a_moment_has_its_own_millisecond(ms: int) -> None:
    assert unix_ms_of(moment(ms)) == ms


def test_what_is_said_now_lies_in_the_year_that_is_told() -> None:
    new_years_morning = day_of(unix_ms(2026, 12, 31, 21), "Asia/Singapore")
    assert bounds("year", date.fromisoformat(new_years_morning)) == (
        date(2027, 1, 1),
        date(2027, 12, 31),
    )


def test_a_zone_that_is_none_is_refused() -> None:
    with pytest.raises(WrongSettingError, match="LAHSTATS_TIME_ZONE"):
        Settings(time_zone="Singapura")


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2026-03-01..2026-03-31", "2026-02-01..2026-02-28"),
        ("2028-01-01..2028-12-31", "2027-01-01..2027-12-31"),
        ("2026-01-01..2026-03-31", "2025-10-01..2025-12-31"),
        ("2026-11-23..2026-11-29", "2026-11-16..2026-11-22"),
        ("2026-03-01..2026-03-30", "2026-01-30..2026-02-28"),
    ],
)
def test_before_whole_months_are_as_many_months(period: str, before: str) -> None:
    """Before, as many days: March was compared with February and three days of January."""
    today = date(2026, 11, 26)
    found = DateRange(*bounds(period, today)).before()
    assert found == DateRange(*bounds(before, today))


def test_before_the_first_day_of_the_warehouse_there_is_nothing() -> None:
    """Before, all time was compared with a period from 1790 on, of which it has no dates."""
    assert DateRange(*bounds("all", date(2026, 11, 26))).before() is None
    early = DateRange(date(1970, 1, 5), date(1970, 12, 31))
    assert early.before() == DateRange(FIRST_DAY, date(1970, 1, 4))

"""Which day it is.

In Singapore it is tomorrow while the servers' clock says eight in the evening.
"""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.settings import Settings
from adapters.wrong_setting import WrongSettingError
from schemas.days import bounds, day_of, moment, unix_ms_of


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

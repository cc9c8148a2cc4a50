"""Spans of days as a card says them, in each language."""

from datetime import date

import pytest

from api.spans import in_words

YEAR = (date(2024, 1, 1), date(2024, 12, 31))
MONTH = (date(2024, 2, 1), date(2024, 2, 29))
DAY = (date(2024, 5, 1), date(2024, 5, 1))
WEEK = (date(2024, 11, 23), date(2024, 11, 29))
TWO_MONTHS = (date(2024, 5, 1), date(2024, 6, 30))
TWO_YEARS = (date(2023, 1, 1), date(2024, 12, 31))


@pytest.mark.parametrize(
    ("days", "english", "mandarin"),
    [
        (YEAR, "2024", "2024年"),
        (MONTH, "February 2024", "2024年2月"),
        (DAY, "1 May 2024", "2024年5月1日"),
        (WEEK, "23 to 29 November 2024", "2024年11月23日至29日"),
        (TWO_MONTHS, "1 May to 30 June 2024", "2024年5月1日至6月30日"),
        (TWO_YEARS, "1 January 2023 to 31 December 2024", "2023年1月1日至2024年12月31日"),
    ],
)
def test_nothing_is_said_twice(days: tuple[date, date], english: str, mandarin: str) -> None:
    assert in_words(*days) == english
    assert in_words(*days, "zh") == mandarin

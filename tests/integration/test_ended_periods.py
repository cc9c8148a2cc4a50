"""Snapshots of periods that are over: their last evenings belong to them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime

import pytest

from adapters.warehouse import Warehouse
from api.wrapped import queries
from api.wrapped.rows import CohortRow
from consumers.rollup.cohorts import Cohorts
from schemas.days import unix_ms_of
from tests.integration.served import filled

YEAR = {"first": "2028-01-01", "last": "2028-12-31"}
LAST_WEEK = {"first": "2028-12-25", "last": "2028-12-31"}
COLUMNS = ["user_id", "day", "session_id", "speaker", "words", "counts", "count", "version"]
PEOPLE = [f"p{n}" for n in range(24)]


@pytest.fixture
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with filled(tmp_path_factory.mktemp("periods")) as found:
        yield found


def said(warehouse: Warehouse, people: Iterable[str], day: date) -> None:
    """Everybody says one word on that day."""
    rows = [[user, day, f"s-{day}", "S1", ["lah"], [1], 1, 1] for user in people]
    warehouse.insert("user_days", COLUMNS, rows)


def taken(warehouse: Warehouse, when: datetime) -> None:
    """A look at this time."""
    Cohorts(warehouse, lambda: unix_ms_of(when), "UTC").renew()


def people_of(warehouse: Warehouse, period: Mapping[str, str]) -> int:
    """How many people are in the present snapshot of a period."""
    rows = warehouse.query(queries.COHORT, period, row=CohortRow)
    return sum(sum(row.people) for row in rows)


def test_the_last_evening_of_a_year_is_in_its_snapshot(warehouse: Warehouse) -> None:
    """Before, the last one was of the morning before: the year was asked for no more."""
    said(warehouse, PEOPLE[:10], date(2028, 3, 1))
    taken(warehouse, datetime(2028, 12, 31, 9, tzinfo=UTC))
    assert people_of(warehouse, YEAR) == 10
    said(warehouse, PEOPLE[5:], date(2028, 12, 31))
    taken(warehouse, datetime(2029, 1, 1, 10, tzinfo=UTC))
    assert people_of(warehouse, YEAR) == 24
    assert people_of(warehouse, LAST_WEEK) == 19


def test_a_period_that_was_over_a_month_ago_stays_as_it_is(warehouse: Warehouse) -> None:
    said(warehouse, PEOPLE[:10], date(2028, 12, 31))
    taken(warehouse, datetime(2029, 1, 31, 9, tzinfo=UTC))
    said(warehouse, PEOPLE[10:], date(2028, 12, 30))
    taken(warehouse, datetime(2029, 2, 2, 9, tzinfo=UTC))
    assert people_of(warehouse, YEAR) == 10

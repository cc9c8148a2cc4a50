"""Derived rows of machines whose clocks differ, or go back, on the real engine."""

import pytest

from adapters.warehouse import Warehouse
from consumers.rollup.step import recompute
from tests.reference.six_people import DAY, said_by_all
from tests.reference.telling import put_all, rows, tell, tell_more

COMPUTED = (
    "SELECT word, count AS n FROM word_daily FINAL ORDER BY word",
    "SELECT word, arraySum(counts) AS n FROM published_words FINAL ORDER BY word",
    "SELECT word, arraySum(counts) AS n FROM published_months FINAL ORDER BY word",
)


def ahead(table: str) -> str:
    """All rows of a derived table as a server wrote them whose clock was an hour ahead."""
    rows = f"SELECT * REPLACE (version + 3600000 AS version) FROM {table} FINAL"  # noqa: S608
    return f"INSERT INTO {table} {rows}"


def test_a_clock_that_goes_back_hides_no_later_computation(warehouse: Warehouse) -> None:
    tell(warehouse, [])
    tell_more(warehouse, said_by_all("lah"))
    for table in ("word_daily", "published_words", "published_days", "published_months"):
        warehouse.command(ahead(table))
    for times in (1, 2):
        warehouse.command("TRUNCATE TABLE word_events")
        warehouse.command("TRUNCATE TABLE user_days")
        tell_more(warehouse, said_by_all("lah", *["lor"] * times))
    for question in COMPUTED:
        assert [tuple(row.values()) for row in warehouse.query(question)] == [
            ("lah", 6),
            ("lor", 12),
        ]
    assert warehouse.query("SELECT version > 0 AS so FROM published_days FINAL") == [{"so": 1}]


@pytest.mark.parametrize("table", ["word_daily", "published_words", "published_months"])
def test_the_newer_of_two_computations_at_a_time_wins(warehouse: Warehouse, table: str) -> None:
    """Both read before either wrote. Before, the machine whose clock was ahead won with old rows.

    The old row is taken away and comes back when the new one is there.
    """
    tell(warehouse, [])
    told = [row for one in said_by_all("lah") for row in rows(one)]
    put_all(warehouse, told)
    recompute(warehouse, [DAY])
    [old] = warehouse.query(f"SELECT * FROM {table}")  # noqa: S608 - a name of ours
    warehouse.command(f"TRUNCATE TABLE {table}")
    tell_more(warehouse, said_by_all("lah", "lor"))
    warehouse.insert(table, list(old), [list(old.values())])
    now = warehouse.query(f"SELECT word FROM {table} FINAL")  # noqa: S608 - a name of ours
    assert len(now) == 2

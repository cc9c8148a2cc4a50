"""The made-up year of `lahstats benchmark warehouse` fits the product's tables as they are now."""

from adapters.warehouse import Warehouse
from deploy.benchmark.warehouse.load import load
from deploy.benchmark.warehouse.made_up_year import INSERTS, WORDS_A_SESSION

ROWS = 2 * WORDS_A_SESSION
PEOPLE = 20


def test_a_year_is_made_up_in_every_table(warehouse: Warehouse) -> None:
    """Before, tables had got columns, and nobody noticed that the year could not be loaded."""
    load(warehouse, ["lah", "leh"], ROWS, PEOPLE, lambda *_: None)
    (words,) = warehouse.query("SELECT count() AS n FROM word_events FINAL")
    assert words["n"] == ROWS
    for table in INSERTS:
        (found,) = warehouse.query(f"SELECT count() > 0 AS has_any FROM {table}")  # noqa: S608
        assert found["has_any"], table

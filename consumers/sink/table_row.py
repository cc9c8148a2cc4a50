"""A row on its way to the warehouse, and the partition that it belongs to."""

from dataclasses import dataclass
from datetime import date

Columns = dict[str, object]
"""Values by column, as the ClickHouse client takes them."""
Row = tuple[str, Columns]
"""A table's name, and the values of one row."""


@dataclass(frozen=True)
class Cut:
    """How a table is partitioned: by the months or the years of its column `day`."""

    day: str
    by_month: bool


CUTS = {
    "word_events": Cut("window_day", by_month=True),
    "spoken_windows": Cut("day", by_month=True),
    "user_days": Cut("day", by_month=False),
}
"""By table, as the migrations partition it. A table that is not here has one partition."""


def partition_of(row: Row) -> int:
    """A number that rows of one table share when they go to one partition."""
    table, columns = row
    cut = CUTS.get(table)
    if cut is None:
        return 0
    day = columns[cut.day]
    assert isinstance(day, date)
    return day.year * 12 + (day.month if cut.by_month else 0)

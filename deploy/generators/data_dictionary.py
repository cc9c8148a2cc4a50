"""`python -m deploy.generators.data_dictionary`: docs/data-dictionary.md.

It is made from the comments of the schema, on a ClickHouse server that is started for it. So
`lahstats generate` leaves it out.
"""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from adapters.warehouse import TypedRow
from deploy.devstack.chdb_server.process import fresh_warehouse
from deploy.table_printer import markdown as table

PAGE = Path("docs/data-dictionary.md")
PORT_BASE = 24_600
COLUMNS = """
SELECT c.table AS name, t.engine AS engine, t.sorting_key AS key,
       c.name AS column, c.type AS type, c.comment AS comment
FROM system.columns AS c
INNER JOIN system.tables AS t ON t.database = c.database AND t.name = c.table
WHERE c.database = currentDatabase() AND t.name != 'schema_migrations'
ORDER BY t.engine != 'View', name, c.position
"""
HEAD = """# Data dictionary

Made by `python -m deploy.generators.data_dictionary` from the schema's own comments. Analysts see
the views; the tables, and the views `user_words`, `counted_words` and `pipeline_health`, are for
operators. `deploy/clickhouse/server` has the role that may read the analysts' views alone. It was
not run here: there is no ClickHouse server.
"""


class Column(TypedRow, frozen=True, kw_only=True):
    """A column, and the table or view `name` that it is of."""

    name: str
    engine: str
    key: str
    column: str
    type: str
    comment: str

    def cells(self) -> tuple[str, str, str]:
        """The column as a row of a table."""
        return f"`{self.column}`", f"`{self.type}`", self.comment

    def kind(self) -> str:
        """Its table or view in a sentence."""
        if self.engine == "View":
            return "A view."
        return f"{self.engine}, ordered by {self.key}."


def page(columns: Sequence[Column]) -> str:
    """Markdown: a heading and a table for each view and table."""
    lines = [HEAD]
    for name, some in groupby(columns, key=attrgetter("name")):
        own = list(some)
        cells = [column.cells() for column in own]
        lines += [f"## {name}", "", own[0].kind(), ""]
        lines += [*table(("column", "type", "meaning"), cells), ""]
    return "\n".join(lines)


def generate() -> str:
    """Blocking, seconds: the page, from a fresh engine."""
    with fresh_warehouse(PORT_BASE) as (_, warehouse):
        return page(warehouse.query(COLUMNS, row=Column))


if __name__ == "__main__":
    PAGE.write_text(generate())

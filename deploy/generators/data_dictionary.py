"""`python -m deploy.generators.data_dictionary`: docs/data-dictionary.md.

It is made from the comments of the schema, on a ClickHouse server that is started for it. So
`lahstats generate` leaves it out.
"""

import tempfile
from pathlib import Path

from adapters.settings import Settings
from adapters.warehouse import Row, Warehouse
from deploy.devstack.chdb_server.process import served
from deploy.prepare import credentials
from deploy.prepare.tables import migrate
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
the views; the tables, and the views `user_words` and `counted_words`, are for operators.
`deploy/clickhouse/server` has the account that may read the analysts' views alone. It was not run
here: there is no ClickHouse server.
"""


def page(rows: list[Row]) -> str:
    """Markdown: a heading and a table for each view and table."""
    lines = [HEAD]
    for name in dict.fromkeys(row["name"] for row in rows):
        own = [row for row in rows if row["name"] == name]
        what = (
            "a view"
            if own[0]["engine"] == "View"
            else f"{own[0]['engine']}, ordered by {own[0]['key']}"
        )
        lines += [f"## {name}", "", f"{what[0].upper()}{what[1:]}.", ""]
        lines += [
            *table(
                ("column", "type", "meaning"),
                ((f"`{r['column']}`", f"`{r['type']}`", r["comment"]) for r in own),
            ),
            "",
        ]
    return "\n".join(lines)


def generate() -> str:
    """Blocking, seconds: the page, from a fresh engine."""
    with tempfile.TemporaryDirectory(prefix="lahstats-dictionary-") as folder:
        credentials.ensure(Path(folder))
        settings = Settings(data_dir=Path(folder), port_base=PORT_BASE)
        with served(settings):
            warehouse = Warehouse(settings)
            migrate(warehouse)
            rows = warehouse.query(COLUMNS)
            warehouse.close()
    return page(rows)


if __name__ == "__main__":
    PAGE.write_text(generate())

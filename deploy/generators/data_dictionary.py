"""`python -m deploy.generators.data_dictionary [--check]`: docs/data-dictionary.md, from the comments of the schema itself."""

import sys
import tempfile
from pathlib import Path

from adapters.settings import Settings
from adapters.warehouse import Row, Warehouse
from deploy.benchmark.tables import table
from deploy.devstack.chdb_server.process import served
from deploy.prepare import credentials
from deploy.prepare.tables import migrate

PAGE = Path("docs/data-dictionary.md")
PORT_BASE = 24_600
COLUMNS = """
SELECT c.table AS name, t.engine AS engine, t.sorting_key AS key, c.name AS column, c.type AS type, c.comment AS comment
FROM system.columns AS c INNER JOIN system.tables AS t ON t.database = c.database AND t.name = c.table
WHERE c.database = currentDatabase() AND t.name != 'schema_migrations' ORDER BY t.engine != 'View', name, c.position
"""
HEAD = """# Data dictionary

Made by `python -m deploy.generators.data_dictionary` from the schema's own comments. Analysts see the views; the tables, and the view `user_words`, are for operators
(`deploy/clickhouse/server` has the account that may read the views alone; it was not run here, where there is no ClickHouse server).
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


def main(check: bool) -> int:
    """1 when the page is stale and `check` was asked for; else writes it."""
    text = generate()
    if check and (not PAGE.exists() or PAGE.read_text() != text):
        sys.stderr.write(f"stale: {PAGE} (run `python -m deploy.generators.data_dictionary`)\n")
        return 1
    if not check:
        PAGE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))

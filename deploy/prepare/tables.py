"""The warehouse's tables: migrations in order of their names, and the lexicon as a table."""

from datetime import UTC, datetime
from pathlib import Path

from adapters.warehouse import Warehouse
from schemas.lexicon import Lexicon

MIGRATIONS = Path("deploy/clickhouse/migrations")
REGISTER = """
CREATE TABLE IF NOT EXISTS schema_migrations (name String, applied_at DateTime DEFAULT now())
ENGINE = MergeTree ORDER BY name
"""


def migrate(warehouse: Warehouse, folder: Path = MIGRATIONS) -> list[str]:
    """Run the migrations that were not run yet, in order of their names; return their names.

    Blocking, repeatable. A file holds statements that end with `;` at the end of a line.
    """
    warehouse.command(REGISTER)
    done = {row["name"] for row in warehouse.query("SELECT name FROM schema_migrations")}
    absent = [path for path in sorted(folder.glob("*.sql")) if path.name not in done]
    for path in absent:
        for statement in filter(str.strip, path.read_text().split(";\n")):
            warehouse.command(statement)
        warehouse.insert("schema_migrations", ["name"], [[path.name]])
    return [path.name for path in absent]


def load_lexicon(warehouse: Warehouse, lexicon: Lexicon) -> None:
    """Write the lexicon as a table, for emoji and categories in queries. Blocking, repeatable."""
    now = datetime.now(UTC)
    rows = [
        [entry.word, entry.category, entry.emoji, lexicon.version, now] for entry in lexicon.words
    ]
    warehouse.insert("lexicon", ["word", "category", "emoji", "version", "loaded_at"], rows)
    warehouse.insert("lexicon_versions", ["version", "loaded_at"], [[lexicon.version, now]])

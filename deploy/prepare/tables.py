"""The warehouse's tables: migrations in order of their names, and the lexicon as a table."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from adapters.warehouse import Statements, TypedRow, Warehouse
from deploy.clickhouse.migration_files import FOLDER, migrations
from schemas.lexicon import Entry, Lexicon

REGISTER = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    name String, checksum String, applied_at DateTime DEFAULT now()
) ENGINE = MergeTree ORDER BY name
"""
NOW = """
SELECT greatest(now64(3), max(loaded_at) + toIntervalMillisecond(1)) AS at FROM lexicon
"""


class Now(TypedRow, frozen=True, kw_only=True):
    """A moment after everything that is loaded."""

    at: datetime


class Applied(TypedRow, frozen=True, kw_only=True):
    """A migration that was run, as it was then."""

    name: str
    checksum: str


class MigrationChangedError(ValueError):
    """A migration differs from what was applied. The message names the file."""


def migrate(warehouse: Warehouse, folder: Path = FOLDER) -> list[str]:
    """Run the migrations that were not run yet, in order of their names; return their names.

    Blocking, repeatable. Raises MigrationChangedError before it runs anything when a file was
    changed after it was applied: the change would never reach the tables.
    """
    warehouse.command(REGISTER)
    rows = warehouse.query("SELECT name, checksum FROM schema_migrations", row=Applied)
    applied = {row.name: row.checksum for row in rows}
    found = migrations(folder)
    for migration in found:
        if applied.get(migration.name, migration.checksum) != migration.checksum:
            raise MigrationChangedError(
                f"{migration.name} was changed after it was applied: undo that,"
                " and write the change as a new migration"
            )
    absent = [migration for migration in found if migration.name not in applied]
    for migration in absent:
        for statement in migration.statements:
            warehouse.command(statement)
        row = [migration.name, migration.checksum]
        warehouse.insert("schema_migrations", ["name", "checksum"], [row])
    return [migration.name for migration in absent]


def load_lexicon(warehouse: Warehouse, lexicon: Lexicon) -> None:
    """Write the lexicon as a table, for emoji and categories in queries. Blocking, repeatable.

    It is the present one from then on, whatever the clock of the machine that loaded another says.
    """
    (now,) = warehouse.query(NOW, row=Now)
    write_words(warehouse, lexicon.words, lexicon.version, now.at)
    warehouse.insert("lexicon_versions", ["version", "loaded_at"], [[lexicon.version, now.at]])


def write_words(
    warehouse: Statements, words: Iterable[Entry], version: str, loaded_at: datetime
) -> None:
    """Write words as rows of a version. Those that were loaded last are shown. Blocking."""
    rows = [(entry.word, entry.category, entry.emoji, version, loaded_at) for entry in words]
    warehouse.insert("lexicon", ("word", "category", "emoji", "version", "loaded_at"), rows)

"""The migrations as files: their statements, their checksums, and the tables that they make."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path("deploy/clickhouse/migrations")
TABLE = re.compile(r"CREATE TABLE IF NOT EXISTS (\w+) \((.*?)\n\) ENGINE", re.DOTALL)
COLUMN = re.compile(r"^    (\w+) ", re.MULTILINE)


@dataclass(frozen=True)
class Migration:
    """One file. `name` is the file's name, by which migrations are ordered."""

    name: str
    text: str

    @property
    def checksum(self) -> str:
        """sha256 of the text, hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def statements(self) -> list[str]:
        """In order. A statement ends with `;` at the end of a line."""
        return [statement for statement in self.text.split(";\n") if statement.strip()]


def migrations(folder: Path = FOLDER) -> list[Migration]:
    """All of a folder, in order."""
    paths = sorted(folder.glob("*.sql"))
    return [Migration(path.name, path.read_text()) for path in paths]


def tables(folder: Path = FOLDER) -> dict[str, tuple[str, ...]]:
    """Columns by table, of all tables that the migrations make."""
    found: dict[str, tuple[str, ...]] = {}
    for migration in migrations(folder):
        for name, body in TABLE.findall(migration.text):
            found[name] = tuple(COLUMN.findall(body))
    return found

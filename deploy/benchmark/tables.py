"""Tables as Markdown, and the commit that figures belong to."""

import subprocess
from collections.abc import Iterable, Sequence


def table(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> list[str]:
    """Return lines: the head, and one for each row."""
    return [line(columns), "|" + "---|" * len(columns), *map(line, rows)]


def line(cells: Iterable[object]) -> str:
    """Return one row."""
    return "| " + " | ".join(map(str, cells)) + " |"


def commit() -> str:
    """Return the short name of the commit that is checked out; `unknown` outside a repository."""
    command = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"

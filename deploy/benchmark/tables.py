"""Tables as Markdown."""

from collections.abc import Iterable, Sequence
from typing import Any


def table(columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> list[str]:
    """Lines: the head, and one a row."""
    return [line(columns), "|" + "---|" * len(columns), *map(line, rows)]


def line(cells: Iterable[Any]) -> str:
    """One row."""
    return "| " + " | ".join(map(str, cells)) + " |"

"""Tables: for a terminal, and as Markdown for a page. One printer for both."""

import re
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDEST = 100_000
"""Columns of the console that makes Markdown: no cell is ever wrapped."""


def as_text(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Return aligned columns without lines around them, as wide as their cells."""
    return _rendered(_table(columns, rows, None))


def markdown(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> list[str]:
    """Return the lines of a Markdown table without padding: a row changes only with its cells."""
    rendered = _rendered(_table(columns, rows, box.MARKDOWN))
    lines = [_unpadded(line) for line in rendered.splitlines()]
    lines[1] = "|" + "---|" * len(columns)
    return lines


def _unpadded(line: str) -> str:
    return re.sub(r" +\|", " |", line)


def _table(
    columns: Sequence[str], rows: Iterable[Iterable[object]], style: box.Box | None
) -> Table:
    table = Table(box=style, pad_edge=style is not None)
    for column in columns:
        table.add_column(Text(column))
    for row in rows:
        cells = [Text(str(cell)) for cell in row]
        table.add_row(*cells)
    return table


def _rendered(table: Table) -> str:
    console = Console(width=WIDEST, color_system=None, force_terminal=False)
    with console.capture() as capture:
        console.print(table)
    lines = map(str.rstrip, capture.get().splitlines())
    return "\n".join(line for line in lines if line)

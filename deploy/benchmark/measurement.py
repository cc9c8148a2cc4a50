"""One figure of a benchmark, and the table of several."""

from collections.abc import Iterable
from dataclasses import dataclass

from deploy.table_printer import markdown as table


@dataclass(frozen=True)
class Measurement:
    """A subject, its figure with the unit, and how it was measured."""

    subject: str
    value: str
    how: str


def markdown(measurements: Iterable[Measurement]) -> list[str]:
    """Return the lines of a Markdown table."""
    rows: list[tuple[str, str, str]] = []
    for measurement in measurements:
        row = (measurement.subject, measurement.value, measurement.how)
        rows.append(row)
    return table(("subject", "value", "how"), rows)

"""A line of the table that `make bench` prints."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """What was measured, the figure, and how."""

    what: str
    value: str
    how: str

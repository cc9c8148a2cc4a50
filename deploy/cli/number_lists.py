"""Options that are several numbers, with commas between them."""

import math
from collections.abc import Callable
from typing import TypeVar

import typer

Number = TypeVar("Number", int, float)


def numbers(text: str, read: Callable[[str], Number]) -> list[Number]:
    """Return the numbers of `text`, by `read`. Raises BadParameter unless all are over 0."""
    try:
        found = [read(part) for part in text.split(",")]
    except ValueError:
        found = []
    if not found or not all(0 < number < math.inf for number in found):
        raise typer.BadParameter(f"numbers over 0 with commas between them, and not {text}")
    return found


def times_of(runs: str, lengths: int) -> list[int]:
    """Return how often each of so many lengths is run: the last number goes on for the rest."""
    times = numbers(runs, int)
    times += times[-1:] * (lengths - len(times))
    return times[:lengths]

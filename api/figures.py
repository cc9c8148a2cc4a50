"""Pure: rates and orders that several features share."""

from collections.abc import Mapping
from typing import TypeVar

LEAST_FOR_RATE = 500
"""Recognised words. Below this a single word moves the rate by two per 1,000."""
Name = TypeVar("Name", bound=str)
Number = TypeVar("Number", bound=float)


def rate(counts: int, words: int) -> float | None:
    """Counts per 1,000 words, rounded to 0.1; None below `LEAST_FOR_RATE` words."""
    if words < LEAST_FOR_RATE:
        return None
    return round(1000 * counts / words, 1)


def share(part: float, whole: float) -> float:
    """`part` of `whole`, rounded to 0.001; 0.0 when `whole` is nothing."""
    if not whole:
        return 0.0
    return round(part / whole, 3)


def percent(part: int, whole: int) -> float:
    """`part` of `whole`, rounded to 0.1; 100.0 for all of it alone. `whole` is not 0."""
    rounded = round(100 * part / whole, 1)
    return rounded if part == whole else min(rounded, 99.9)


def portion(part: int, whole: int, of: int) -> int:
    """`part` of `whole` in parts of which `of` are the whole, halves upwards.

    All of them are said of all of it alone. `whole` is not 0.
    """
    if part == whole:
        return of
    return min(of - 1, (2 * of * part + whole) // (2 * whole))


def minutes(ms: int) -> float:
    """Milliseconds in minutes, with the digits that tell each millisecond apart."""
    return round(ms / 60_000, 5)


def largest(numbers: Mapping[Name, float]) -> Name:
    """The name with the largest number; the first by name of equal ones. ValueError without one."""

    def order(name: Name) -> tuple[float, Name]:
        return -numbers[name], name

    return min(numbers, key=order)


def most_first(numbers: Mapping[Name, Number]) -> dict[Name, Number]:
    """The numbers in order: most first, equal ones by name."""

    def order(name: Name) -> tuple[float, Name]:
        return -numbers[name], name

    return {name: numbers[name] for name in sorted(numbers, key=order)}

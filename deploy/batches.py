"""Taking some of many at a time, so that memory and questions are bounded."""

from collections.abc import Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batches(items: Iterator[T], most: int) -> Iterator[list[T]]:
    """Yield the items in their order, `most` at a time; the last time those that are left.

    Takes no item before the batch that it belongs to is asked for.
    """
    while some := list(islice(items, most)):
        yield some

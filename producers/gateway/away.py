"""A server that the gateway needs and cannot use just now."""

from collections.abc import Iterator
from contextlib import contextmanager

from adapters.http.problems import away
from adapters.process.logs import logger
from adapters.process.retry import TransientError


@contextmanager
def answered(part: str) -> Iterator[None]:
    """A TransientError becomes the problem 503, and a line in the log that says why.

    Phones try again by themselves: without the line nobody would hear of a disk that is full.
    """
    try:
        yield
    except TransientError as error:
        logger().warning("part_away", part=part, reason=str(error))
        raise away(part) from None

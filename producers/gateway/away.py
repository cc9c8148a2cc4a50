"""A server that the gateway needs and cannot use just now."""

from collections.abc import Iterator
from contextlib import contextmanager

from adapters.http.problems import away, full
from adapters.objects.store import StoreRefusesError
from adapters.process.coalescing import Repeats
from adapters.process.logs import logger
from adapters.process.retry import TransientError


class Answering:
    """Answers requests that need a server: phones try again by themselves.

    Without a line in the log nobody would hear of a disk that is full. Many phones that meet the
    same fault make one line a minute.
    """

    def __init__(self) -> None:
        self._repeats = Repeats()

    @contextmanager
    def needs(self, part: str) -> Iterator[None]:
        """A TransientError within becomes the problem 503."""
        try:
            yield
        except TransientError as error:
            if times := self._repeats.times(f"{part}: {error}"):
                logger().warning("part_away", part=part, reason=str(error), times=times)
            refuses = isinstance(error, StoreRefusesError)
            raise (full(part) if refuses else away(part)) from None

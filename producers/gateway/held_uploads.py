"""Bytes of uploads that a gateway has in memory, and those that each owner has on their way.

An owner's are counted by the lengths that are declared. All together are counted as they come: what
one only announces takes no room of others.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from adapters.http.problems import HttpProblem
from adapters.http.turns import BusyError
from schemas.ids import UserId
from schemas.limits import CHUNK_BYTES, MIB

MOST_HELD = 256 * MIB
"""A container has a gibibyte, and a body that is whole is there twice for a moment."""
MOST_HELD_OF_OWNER = 8 * CHUNK_BYTES.most
"""Hundreds of chunks of usual size."""


class HeldUploads:
    """For one event loop; nothing blocks."""

    def __init__(self, most: int = MOST_HELD, most_of_owner: int = MOST_HELD_OF_OWNER) -> None:
        self._most = most
        self._most_of_owner = most_of_owner
        self._held = 0
        self._of_owner = Counter[UserId]()

    @contextmanager
    def holding(self, owner: UserId, size: int) -> Iterator[Callable[[int], None]]:
        """Count an upload of `size` bytes until the block ends.

        Yields a function to call with the number of bytes that came. It raises BusyError when those
        of all owners are too many. HttpProblem 429 when this owner has too much on its way.
        """
        if self._of_owner[owner] + size > self._most_of_owner:
            raise _too_much(self._most_of_owner)
        here = 0

        def came(count: int) -> None:
            nonlocal here
            if self._held + count > self._most:
                raise BusyError("too many uploads are in memory")
            self._held += count
            here += count

        self._of_owner[owner] += size
        try:
            yield came
        finally:
            self._held -= here
            self._of_owner[owner] -= size
            if not self._of_owner[owner]:
                del self._of_owner[owner]


def _too_much(most: int) -> HttpProblem:
    detail = f"Chunks of yours with {most} bytes are on their way: send fewer at a time."
    return HttpProblem(429, "too-many-uploads", "Too many uploads", detail)

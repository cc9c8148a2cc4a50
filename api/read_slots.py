"""Bounds on the requests that read the warehouse at a time, in all and for each caller.

A warehouse that hangs holds the threads of all that ask it. They have threads of their own, so
that pages, tokens and probes are answered meanwhile; and nobody waits for a thread for long.
"""

import inspect
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, TypeVar

import anyio
from anyio.to_thread import run_sync
from fastapi.routing import APIRoute

from adapters.http.turns import ADMISSION_S, Turns

MOST_READS = 32
"""Reads at a time. The warehouse's client keeps as many connections."""
MOST_READS_OF_CALLER = 8
"""Of these, reads of one caller. All callers without a token count as one."""
T = TypeVar("T")


class ReadSlots:
    """Runs reads on threads of its own. For one event loop."""

    def __init__(
        self,
        most: int = MOST_READS,
        most_of_caller: int = MOST_READS_OF_CALLER,
        admission_s: float = ADMISSION_S,
    ) -> None:
        self._turns = Turns(most, most_of_caller, admission_s)
        self._threads = anyio.CapacityLimiter(most)

    async def run(self, caller: str, read: Callable[[], T]) -> T:
        """The result of `read`, which blocks. BusyError when there is no thread in time."""
        async with self._turns.of(caller):
            return await run_sync(read, limiter=self._threads)


class ReadRoute(APIRoute):
    """A route whose plain function blocks on the warehouse, or computes: it runs in a read slot."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        **options: Any,
    ) -> None:
        super().__init__(path, in_read_slot(endpoint), **options)


def in_read_slot(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """`endpoint` as a coroutine that takes one of the slots of its `services`.

    It runs after its arguments were checked: a caller without a token waits for no slot.
    """
    if inspect.iscoroutinefunction(endpoint):
        return endpoint

    @wraps(endpoint)
    async def bounded(**given: Any) -> Any:
        caller = given.get("user", "")
        return await given["services"].slots.run(caller, partial(endpoint, **given))

    return bounded

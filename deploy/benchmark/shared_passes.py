"""Ways to share passes of a model: each takes the same windows, and is compared with the first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from operator import attrgetter
from typing import Generic, TypeVar

from deploy.table_printer import markdown as table

WindowT = TypeVar("WindowT")
ResultT = TypeVar("ResultT")


@dataclass(frozen=True)
class Run(Generic[ResultT]):
    """All windows once: the seconds that a window took, and the result of each."""

    seconds: float
    results: Sequence[ResultT]


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A run beside the first one: `ratio` is of the seconds, `same` is of the results."""

    s_a_window: float
    times_real_time: float
    ratio: float
    same: bool


def compared(
    run: Run[ResultT],
    first: Run[ResultT],
    window_ms: int,
    is_same: Callable[[ResultT, ResultT], bool],
) -> Compared:
    """Return the figures of a run. `is_same` compares two results of one window. Pure."""
    return Compared(
        s_a_window=round(run.seconds, 3),
        times_real_time=round(window_ms / 1000 / run.seconds, 1),
        ratio=round(run.seconds / first.seconds, 2),
        same=all(map(is_same, first.results, run.results)),
    )


def as_many(windows: Iterable[WindowT], wanted: int) -> list[WindowT]:
    """Return the first windows; they come again when more are wanted."""
    return list(islice(cycle(windows), wanted))


def markdown(columns: Mapping[str, str], found: Sequence[Compared]) -> list[str]:
    """Return a Markdown table. `columns` has the heading of each field, in order."""
    rows = map(attrgetter(*columns), found)
    return table(tuple(columns.values()), rows)

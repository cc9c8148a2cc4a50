"""How windows are given to passes of the model. Pure."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from consumers.transcribe.budget import Budget


@dataclass(frozen=True)
class Passes:
    """How the model is used: up to `size` windows share a pass, and `count` passes run at once.

    On a processor every pass has a core, so that windows which one stop left do not wait for each
    other. On an accelerator the processor's work of one pass overlaps with the device's of others.
    """

    size: int
    count: int
    rounds: int = 1
    """Full passes of each thread before all are awaited: windows of one budget find each other."""

    @property
    def windows(self) -> int:
        """Windows that are worked on at a time."""
        return self.size * self.count * self.rounds

    def share(self, waiting: int) -> int:
        """Windows in each pass when so many wait: all passes have work before one has more."""
        in_each = math.ceil(waiting / self.count)
        return min(self.size, in_each)


ONE_BY_ONE = Passes(size=1, count=1)


def by_budget(budgets: Iterable[Budget]) -> dict[Budget, list[int]]:
    """The places of each budget, in order."""
    places: dict[Budget, list[int]] = {}
    for place, budget in enumerate(budgets):
        places.setdefault(budget, []).append(place)
    return places


def shared(budgets: Sequence[Budget], most: int) -> Iterator[list[int]]:
    """The places of each pass: at most so many windows, all of one budget, the dearest first.

    The model runs once for each budget in a pass, and as long for one window as for a few.
    """
    places = by_budget(budgets)
    dearest_first = sorted(places, key=attrgetter("tokens", "mel_frames"), reverse=True)
    for budget in dearest_first:
        group = places[budget]
        for first in range(0, len(group), most):
            yield group[first : first + most]

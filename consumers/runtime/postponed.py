"""Postponed messages: they wait, while later ones of their partitions are handled."""

from collections.abc import Callable, Mapping, Sequence

from adapters.kafka.ends import Place
from adapters.kafka.fetched import Fetched

LOOK_S = 2.0
"""Between two looks at those that wait."""


class Waiting:
    """Remembers messages that are not done, and how far their partitions were handled.

    A partition is committed up to the first message that waits. After a restart that message and
    those behind it come again: a step is repeatable. Not thread-safe.
    """

    def __init__(self, clock_s: Callable[[], float]) -> None:
        """`clock_s` never goes back."""
        self._clock_s = clock_s
        self._messages: list[Fetched] = []
        self._reached: dict[Place, int] = {}
        self._looked_at = clock_s()
        self._was_due = False

    def add(self, messages: Sequence[Fetched]) -> None:
        """Remembers messages that are not done."""
        self._messages += messages

    def drop(self, places: set[Place]) -> None:
        """Forgets the messages of partitions that were taken away."""
        self._messages = [one for one in self._messages if one.place not in places]
        for place in places:
            self._reached.pop(place, None)

    def due(self) -> list[Fetched]:
        """All that wait, once every LOOK_S. Those that are still not done are added again.

        Never twice in a row: a look may take longer than LOOK_S, and others must not starve.
        """
        is_early = self._clock_s() - self._looked_at < LOOK_S
        if not self._messages or is_early or self._was_due:
            self._was_due = False
            return []
        self._was_due = True
        self._looked_at = self._clock_s()
        due = self._messages
        self._messages = []
        return due

    def committable(self, offsets: Mapping[Place, int]) -> dict[Place, int]:
        """The offsets to commit when everything before `offsets` is done but for what waits."""
        self._reach(offsets)
        committable = {place: self._reached[place] for place in offsets}
        for one in self._messages:
            if one.place in committable:
                committable[one.place] = min(one.offset, committable[one.place])
        self._forget_all_done()
        return committable

    def _reach(self, offsets: Mapping[Place, int]) -> None:
        for place, end in offsets.items():
            former = self._reached.get(place, 0)
            self._reached[place] = max(end, former)

    def _forget_all_done(self) -> None:
        """Forgets how far partitions were handled in which nothing waits any more."""
        waiting = {one.place for one in self._messages}
        for place in self._reached.keys() - waiting:
            del self._reached[place]

"""Pure: the messages that were fetched ahead, and which of them are worked on next."""

from collections import Counter
from collections.abc import Sequence

from adapters.kafka.ends import Place
from adapters.kafka.fetched import Fetched
from schemas.topics import Topic

TURNS = 5
"""One batch in so many is of a topic that yields, while others wait: nothing starves."""


AHEAD = 64
"""Messages of a lane that are fetched ahead."""


class Lanes:
    """Messages of two lanes: those of topics that yield (`schemas/topics.py`), and all others.

    Each lane has its own place in front, so a message that has the right of way waits for the
    batch in progress and for no queue.
    """

    def __init__(self, reads: Sequence[Topic]) -> None:
        self._yielding = frozenset(topic.name for topic in reads if topic.yields)
        self._others = frozenset(topic.name for topic in reads if not topic.yields)
        self._waiting: list[Fetched] = []
        self._passed_over = 0

    def add(self, found: Sequence[Fetched]) -> None:
        """Messages came."""
        self._waiting = [*self._waiting, *found]

    def drop(self, places: set[Place]) -> None:
        """Partitions were taken away."""
        self._waiting = [one for one in self._waiting if one.place not in places]

    def put_back(self, messages: Sequence[Fetched]) -> None:
        """These were taken last and are still to be done, before all others of their partitions."""
        self._waiting = [*messages, *self._waiting]

    def places(self) -> set[Place]:
        """The partitions of the messages that wait."""
        return {one.place for one in self._waiting}

    @property
    def waiting(self) -> int:
        """Messages that wait."""
        return len(self._waiting)

    def full(self) -> frozenset[str]:
        """The topics of the lanes in which AHEAD messages wait: no more of them is to be fetched.

        One that is let go waits for the fetch of the other lane that is under way. The messages
        that are left are worked on meanwhile.
        """
        waiting = Counter(one.topic for one in self._waiting)
        lanes = (self._yielding, self._others)
        full = [lane for lane in lanes if sum(waiting[topic] for topic in lane) >= AHEAD]
        return frozenset().union(*full)

    def take(self, most: int) -> list[Fetched]:
        """The next batch, of one lane; empty when nothing waits."""
        yielding = [one for one in self._waiting if one.topic in self._yielding]
        others = [one for one in self._waiting if one.topic not in self._yielding]
        lane = yielding if self._is_turn_of_yielding(yielding, others) else others
        batch = lane[:most]
        taken = {(one.place, one.offset) for one in batch}
        self._waiting = [one for one in self._waiting if (one.place, one.offset) not in taken]
        return batch

    def _is_turn_of_yielding(self, yielding: Sequence[Fetched], others: Sequence[Fetched]) -> bool:
        if not yielding or not others:
            self._passed_over = 0
            return bool(yielding)
        self._passed_over = (self._passed_over + 1) % TURNS
        return self._passed_over == 0

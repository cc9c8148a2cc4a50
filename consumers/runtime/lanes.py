"""Pure: the messages that were fetched ahead, and which of them are worked on next."""

from collections import Counter
from collections.abc import Callable, Sequence

from adapters.kafka.ends import Place
from adapters.kafka.fetched import Fetched
from consumers.runtime.decoded import event_of
from schemas.fact_sheet import Topic

TURNS = 5
"""One batch in so many is of a topic that yields, while others wait: nothing starves."""
AHEAD = 64
"""Messages of a lane that are fetched ahead."""
_Name = tuple[Place, bytes | None]


class Lanes:
    """Messages of two lanes: those of topics that yield (`schemas/topics.py`), and all others.

    Each lane has its own place in front, so a message that has the right of way waits for the
    batch in progress and for no queue. A message that a later event of its key replaces is left
    out: the later one has a higher offset of the same partition, so the group commits behind both.
    A later one with a lower number, as a dead letter that was sent back, replaces none.
    """

    def __init__(self, reads: Sequence[Topic]) -> None:
        self._yielding = frozenset(topic.name for topic in reads if topic.yields)
        self._others = frozenset(topic.name for topic in reads if not topic.yields)
        self._replaced_by = {one.name: one.replaced_by for one in reads if one.replaced_by}
        self._waiting: list[Fetched] = []
        self._passed_over = 0

    def add(self, found: Sequence[Fetched]) -> None:
        """Adds messages that were fetched, behind the others."""
        if found:
            self._waiting = self._unreplaced([*self._waiting, *found])

    def drop(self, places: set[Place]) -> None:
        """Forgets the messages of partitions that were taken away."""
        self._waiting = [one for one in self._waiting if one.place not in places]

    def put_back(self, messages: Sequence[Fetched]) -> None:
        """Puts the messages that were taken last, and are not done, in front of all others."""
        self._waiting = self._unreplaced([*messages, *self._waiting])

    def places(self) -> set[Place]:
        """The partitions of the messages that wait."""
        return {one.place for one in self._waiting}

    @property
    def waiting(self) -> int:
        """Messages that wait."""
        return len(self._waiting)

    def full(self) -> frozenset[str]:
        """The topics of the lanes in which AHEAD messages wait: no more of them is to be fetched.

        A lane that has room again waits for the fetch of the other lane that is under way. The
        messages that it still has are worked on meanwhile.
        """
        full: set[str] = set()
        for lane in (self._yielding, self._others):
            if len(self._of(lane)) >= AHEAD:
                full |= lane
        return frozenset(full)

    def take(self, most: int, is_work: Callable[[Fetched], bool]) -> list[Fetched]:
        """The next batch, of one lane; empty when nothing waits.

        At most `most` of its messages are work. The others between them take nobody's place.
        """
        yielding = self._of(self._yielding)
        others = self._of(self._others)
        lane = yielding if self._is_turn_of_yielding(yielding, others) else others
        batch = _first(lane, most, is_work)
        taken = {(one.place, one.offset) for one in batch}
        self._waiting = [one for one in self._waiting if (one.place, one.offset) not in taken]
        return batch

    def _unreplaced(self, messages: list[Fetched]) -> list[Fetched]:
        if not self._replaced_by:
            return messages  # thousands wait for a sink
        named = Counter(_name(one) for one in messages if self._has_rivals(one))
        highest: dict[_Name, int] = {}
        kept: list[Fetched] = []
        for one in reversed(messages):
            if named[_name(one)] > 1 and self._is_replaced(one, highest):
                continue
            kept.append(one)
        return kept[::-1]

    def _has_rivals(self, one: Fetched) -> bool:
        return one.topic in self._replaced_by and one.key is not None

    def _is_replaced(self, one: Fetched, highest: dict[_Name, int]) -> bool:
        """Whether a later message has no lower number. `highest` are those of later ones."""
        event = event_of(one)
        if event is None:
            return False  # it replaces nothing, and has a dead letter of its own
        name = _name(one)
        number: int | None = getattr(event, self._replaced_by[one.topic], None)
        if name in highest and (number is None or number <= highest[name]):
            return True
        if number is not None:
            highest[name] = number
        return False

    def _of(self, lane: frozenset[str]) -> list[Fetched]:
        return [one for one in self._waiting if one.topic in lane]

    def _is_turn_of_yielding(self, yielding: Sequence[Fetched], others: Sequence[Fetched]) -> bool:
        if not yielding or not others:
            self._passed_over = 0
            return bool(yielding)
        self._passed_over = (self._passed_over + 1) % TURNS
        return self._passed_over == 0


def _name(one: Fetched) -> _Name:
    return one.place, one.key


def _first(lane: Sequence[Fetched], most: int, is_work: Callable[[Fetched], bool]) -> list[Fetched]:
    first: list[Fetched] = []
    left = most
    for one in lane:
        if is_work(one):
            if left == 0:
                break
            left -= 1
        first.append(one)
    return first

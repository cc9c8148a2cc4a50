"""Offsets of the consumer groups of a stack: how far they are, what waits, and back to 0."""

from collections.abc import Mapping
from contextlib import suppress

from adapters.kafka.asked_offsets import AskedOffsets
from adapters.kafka.ends import Place, places_of
from adapters.kafka.group_admin import GroupAdmin
from adapters.kafka.lag import GroupLag
from adapters.process.retry import TransientError
from adapters.settings import Settings
from schemas import stages
from schemas.fact_sheet import Topic
from schemas.stages import GROUPS_READ

PREFIX = "lahstats"


class StackOffsets:
    """Blocking calls on the broker. They raise TransientError when it is away.

    Keeps a client for each group that it asked for: to make one costs more than a question.
    """

    def __init__(self, bootstrap: str) -> None:
        """Asks nothing yet."""
        self._bootstrap = bootstrap
        self._offsets = AskedOffsets(bootstrap)

    def close(self) -> None:
        """Give the connections back. A later question makes new ones."""
        self._offsets.close()

    def are_behind(self) -> bool:
        """Return whether some consumer group of ours has messages that it has yet to commit."""
        return any(self._behind(group) for group in self._ours())

    def _behind(self, group: str) -> int:
        """Return how many they are. Of a partition without a commit it is every message."""
        unread = dict.fromkeys(places_of(GROUPS_READ.get(group, ())), 0)
        return self._lag(unread | self._offsets.committed(group))

    def lag_of(self, group: str, topic: Topic) -> int:
        """Return the messages of `topic` that `group` has yet to commit.

        Before its first commit those are all of them.
        """
        committed = self._offsets.committed(group)
        reached = {place: committed.get(place, 0) for place in places_of([topic])}
        return self._lag(reached)

    def rewind(self) -> int:
        """Put every group of ours back to offset 0. Return the messages that come again.

        No member of a group may run meanwhile.
        """
        return sum(self._rewind(group) for group in self._ours())

    def _rewind(self, group: str) -> int:
        committed = self._offsets.committed(group)
        reached = {place: offset for place, offset in committed.items() if offset > 0}
        GroupAdmin(self._bootstrap).move(group, dict.fromkeys(reached, 0))
        return sum(reached.values())

    def _ours(self) -> list[str]:
        # A client of its own each time: this one does not outlive an outage of the broker.
        names = GroupAdmin(self._bootstrap).names()
        return sorted(name for name in names if name.startswith(PREFIX))

    def _lag(self, reached: Mapping[Place, int]) -> int:
        lag = 0
        ends = self._offsets.ends(reached)
        for place, offset in reached.items():
            lag += ends[place] - offset
        return lag


def windows_waiting(settings: Settings) -> dict[str, dict[str, int]]:
    """Return the windows that wait by stage and kind; nothing of stages while Kafka is away.

    Blocking.
    """
    found: dict[str, dict[str, int]] = {}
    for stage in stages.ALL:
        if any(topic.yields for topic in stage.reads):
            with suppress(TransientError):
                lag = GroupLag(settings.kafka, stage.group, stage.reads).by_kind()
                found[stage.name] = {kind.value: number for kind, number in lag.items()}
    return found

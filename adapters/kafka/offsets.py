"""The progress of a consumer group, read from outside of it."""

from collections.abc import Sequence
from typing import Protocol

from adapters.kafka.asked_offsets import AskedOffsets
from adapters.kafka.ends import Place, places_of
from schemas.fact_sheet import Topic


class GroupProgress(Protocol):
    """How far a consumer group is. Blocking; raises TransientError when Kafka is away."""

    def ends(self) -> dict[Place, int]:
        """The offset after the last message of every partition that ever had one."""

    def has_passed(self, ends: dict[Place, int]) -> bool:
        """Whether the group committed all of `ends`."""


class HeldProgress(GroupProgress, Protocol):
    """The same, for one who asks seldom: connections are not kept from question to question."""

    def close(self) -> None:
        """Give the connections back. A later question makes new ones."""


class GroupOffsets:
    """Offsets of `topics`, and those that `group` committed. It never joins the group.

    Blocking; raises TransientError when Kafka is away. Groups may share a client.
    """

    def __init__(
        self,
        offsets: AskedOffsets,
        group: str,
        topics: Sequence[Topic],
    ) -> None:
        """Asks nothing yet."""
        self._group = group
        self._places = places_of(topics)
        self._offsets = offsets

    def ends(self) -> dict[Place, int]:
        """The offset after the last message of every partition that ever had one.

        A message of a transaction that is open counts when the transaction has ended. A group
        commits the end of a partition also when all of its messages have left.
        """
        ends = self._offsets.stable_ends(self._places)
        return {place: end for place, end in ends.items() if end}

    def has_passed(self, ends: dict[Place, int]) -> bool:
        """Whether the group committed all of `ends`."""
        if not ends:
            return True
        done = self._offsets.committed(self._group, ends)
        return all(done.get(place, 0) >= end for place, end in ends.items())

    def close(self) -> None:
        """Give the connections back. A later question makes new ones."""
        self._offsets.close()

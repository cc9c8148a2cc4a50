"""The progress of a consumer group, read from outside of it."""

from collections.abc import Sequence
from typing import Protocol

from confluent_kafka import IsolationLevel
from confluent_kafka.admin import AdminClient

from adapters.kafka.admin_offsets import committed, limits
from adapters.kafka.consumer import Place
from schemas.topics import Topic


class GroupProgress(Protocol):
    """How far a consumer group is. Blocking; raises TransientError when Kafka is away."""

    def ends(self) -> dict[Place, int]:
        """The offset after the last message of every partition that has any."""

    def has_passed(self, ends: dict[Place, int]) -> bool:
        """Whether the group committed all of `ends`."""


class GroupOffsets:
    """Offsets of `topics`, and those that `group` committed. It never joins the group.

    Blocking; raises TransientError when Kafka is away. Groups may share a client.
    """

    def __init__(self, admin: AdminClient, group: str, topics: Sequence[Topic]) -> None:
        """Asks nothing yet."""
        self._group = group
        self._places = [(topic.name, n) for topic in topics for n in range(topic.partitions)]
        self._admin = admin

    def ends(self) -> dict[Place, int]:
        """The offset after the last message of every partition that has any.

        A message of a transaction that is open counts when the transaction has ended.
        """
        firsts, ends = limits(self._admin, self._places, IsolationLevel.READ_COMMITTED)
        return {place: end for place, end in ends.items() if end > firsts[place]}

    def has_passed(self, ends: dict[Place, int]) -> bool:
        """Whether the group committed all of `ends`."""
        if not ends:
            return True
        done = committed(self._admin, self._group, ends)
        return all(done.get(place, 0) >= end for place, end in ends.items())

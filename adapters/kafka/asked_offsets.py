"""Offsets of partitions, and those that groups committed, asked from outside. No group is joined.

A consumer asks, and not the client of the broker's administration. When a broker had been away
while the latter asked for a group's offsets, librdkafka ended the whole process at its return
(an assertion of 2.16.0 fails). And its questions for ends were answered FENCED_LEADER_EPOCH ever
after.
"""

import threading
from collections.abc import Collection, Mapping
from contextlib import closing
from uuid import uuid4

from confluent_kafka import Consumer, TopicPartition

from adapters.kafka.client import FATAL, client
from adapters.kafka.ends import Place
from adapters.kafka.timed_call import answer, give_back
from adapters.process import metrics
from adapters.process.logs import logger
from adapters.process.retry import TransientError, retry_transient

ASK_S = 10.0
"""For one question to the broker."""
LATEST = -1
EARLIEST = -2
"""Kafka's own marks for the ends of a log, in place of a time."""


class AskedOffsets:
    """All questions block, and raise TransientError when the broker is away. Thread-safe."""

    def __init__(self, bootstrap: str) -> None:
        """Asks nothing yet. For each group that is asked for it keeps a client, until `close`."""
        self._bootstrap = bootstrap
        self._nobody = str(uuid4())  # a client demands the name of a group
        self._consumers: dict[tuple[str, bool], Consumer] = {}
        self._making = threading.Lock()

    def firsts(self, places: Collection[Place]) -> dict[Place, int]:
        """The first offset of each partition."""
        return self._at(places, EARLIEST, is_stable=False)

    def ends(self, places: Collection[Place]) -> dict[Place, int]:
        """The offset after the last message of each partition, also of an open transaction."""
        return self._at(places, LATEST, is_stable=False)

    def stable_ends(self, places: Collection[Place]) -> dict[Place, int]:
        """The same, but an open transaction does not count until it has ended."""
        return self._at(places, LATEST, is_stable=True)

    def open_places(self, topics: Collection[str]) -> list[Place]:
        """The partitions of these topics in which a transaction is open."""
        places = [place for place in self._everywhere() if place[0] in topics]
        ends = self.ends(places)
        stable = self.stable_ends(places)  # asked for last: what has ended meanwhile is not open
        return [place for place in places if stable[place] < ends[place]]

    def committed(
        self,
        group: str,
        places: Collection[Place] | None = None,
    ) -> dict[Place, int]:
        """The offsets that a group committed, of all partitions or of `places`.

        Partitions without any are left out.
        """
        if places is None:
            places = self._everywhere()
        return _offsets(self._commits(group, places))

    def metadata(self, group: str, places: Collection[Place]) -> dict[Place, str]:
        """The metadata of those commits.

        A commit of a transaction that is ending is waited for: the broker may answer the producer
        before it shows what was committed.
        """
        metadata: dict[Place, str] = {}
        for commit in self._commits(group, places, is_stable=True):
            metadata[commit.topic, commit.partition] = commit.metadata or ""
        return metadata

    def next_offsets(self, group: str, places: Collection[Place]) -> dict[Place, int]:
        """The offsets at which a group goes on: those that it committed, or the first ones.

        A commit of a transaction that is ending is waited for.
        """
        commits = _offsets(self._commits(group, places, is_stable=True))
        uncommitted = [place for place in places if place not in commits]
        return self.firsts(uncommitted) | commits

    def close(self) -> None:
        """Give the connections back. A later question makes new ones."""
        with self._making:
            while self._consumers:
                _, consumer = self._consumers.popitem()
                give_back(consumer.close)

    def _at(
        self,
        places: Collection[Place],
        mark: int,
        *,
        is_stable: bool,
    ) -> dict[Place, int]:
        if not places:
            return {}
        asked = [TopicPartition(*place, mark) for place in places]
        consumer = self._consumer(self._nobody, is_stable=is_stable)
        answers = whole(answer(ASK_S, consumer.offsets_for_times, asked))
        return {(p.topic, p.partition): p.offset for p in answers}

    def _commits(
        self, group: str, places: Collection[Place], *, is_stable: bool = False
    ) -> list[TopicPartition]:
        if not places:
            return []
        asked = [TopicPartition(*place) for place in places]
        consumer = self._consumer(group, is_stable=is_stable)
        return whole(answer(ASK_S, consumer.committed, asked))

    def _everywhere(self) -> list[Place]:
        """All partitions that the broker has."""
        consumer = self._consumer(self._nobody)
        topics = answer(ASK_S, consumer.list_topics).topics
        places: list[Place] = []
        for name, topic in topics.items():
            places += [(name, number) for number in topic.partitions]
        return places

    def _consumer(self, group: str, *, is_stable: bool = False) -> Consumer:
        own = {
            "group.id": group,
            "enable.auto.commit": False,
            "isolation.level": "read_committed" if is_stable else "read_uncommitted",
        }
        with self._making:
            if (group, is_stable) not in self._consumers:
                made = Consumer(client(self._bootstrap, own, FATAL))
                self._consumers[group, is_stable] = made
            return self._consumers[group, is_stable]


def starts(
    bootstrap: str, group: str, partitions: Collection[TopicPartition]
) -> list[TopicPartition]:
    """`partitions` with the offsets at which `group` goes on, for a member to assign. Blocking.

    An open transaction that may still change them is waited for, and a broker that is away as long
    as a process waits for one. Raises TransientError then. A partition without a commit is begun at
    its first message. So is one whose next message expired: the client would go on there by itself,
    and nobody would hear of what is lost.

    An assignment without offsets leaves the question to librdkafka. When the assignment changes
    again before the transaction has ended, 2.16.0 takes the partition for one that nobody ever
    read: all of its messages come again.
    """
    places = [(one.topic, one.partition) for one in partitions]
    with closing(AskedOffsets(bootstrap)) as asked:
        offsets = retry_transient(lambda: asked.next_offsets(group, places))
        firsts = retry_transient(lambda: asked.firsts(places))
    expired = {place: firsts[place] - offset for place, offset in offsets.items()}
    _tell_expired(group, {place: lost for place, lost in expired.items() if lost > 0})
    return [TopicPartition(*place, max(offset, firsts[place])) for place, offset in offsets.items()]


def _tell_expired(group: str, lost: Mapping[Place, int]) -> None:
    metrics.MESSAGES_EXPIRED.labels(group).inc(sum(lost.values()))
    for (topic, partition), offsets in lost.items():
        logger().error(
            "messages_expired", group=group, topic=topic, partition=partition, offsets=offsets
        )


def _offsets(commits: list[TopicPartition]) -> dict[Place, int]:
    """The offsets by partition. One that nobody committed has a negative mark, and is left out."""
    offsets: dict[Place, int] = {}
    for commit in commits:
        if commit.offset >= 0:
            offsets[commit.topic, commit.partition] = commit.offset
    return offsets


def whole(answers: list[TopicPartition]) -> list[TopicPartition]:
    """Raises TransientError unless every partition has an answer."""
    for one in answers:
        if one.error is not None:
            raise TransientError(f"kafka: {one.error.name()}")
    return answers

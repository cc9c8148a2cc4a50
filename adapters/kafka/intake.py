"""The messages of one fold: a member of its consumer group, whose tables are restored first."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from confluent_kafka import Consumer, KafkaException, TopicPartition

from adapters.kafka.asked_offsets import starts
from adapters.kafka.changelog import Restoration
from adapters.kafka.client import client, transient_when_away
from adapters.kafka.ends import Ends, Place
from adapters.kafka.fetched import Fetched, firsts, taken
from adapters.process.retry import retry_transient
from schemas.stage_kinds import Fold

MOST = 500
"""Messages of a micro-batch."""
QUEUE_KB = 4_096
"""Bytes that the client fetches ahead; so a micro-batch is bounded too."""
WAIT_S = 0.5
"""Wait for the first message. The others of a batch are those that are there already."""
FETCH_S = 3.0
"""Wait of the broker for a message, which it hands over at once. It costs the broker to wait anew.
"""
TOGETHER_S = 1.0
"""A partition that is up to date waits so long for the others of its assignment.

A fetch asks for the partitions that are read when it leaves. One that asks for idle partitions
alone would keep all others waiting for FETCH_S.
"""
SESSION_S = 6.0
"""A member that is silent for so long has lost its partitions."""
HEARTBEAT_S = 1.0
"""A member learns by its next one that partitions are to move: all wait for the last of them."""


@dataclass(frozen=True)
class Batch:
    """Messages in the order of their partitions, and the membership with which they were taken.

    `ends` of other partitions were reached: they are committed with the messages.
    """

    messages: Sequence[Fetched]
    group: object
    ends: Mapping[Place, int] = field(default_factory=dict)


class Intake:
    """Takes micro-batches. Not thread-safe, except for `owned`, `ready` and `progressed_at`.

    All topics of a fold have one key and the same number of partitions, and the range assignor
    gives the same numbers of all of them to the same member. A partition is read when its table is
    up to date. Methods block; they raise TransientError when the broker stays away.
    """

    def __init__(
        self, bootstrap: str, role: Fold, restoration: Restoration, on_lost: Callable[[], None]
    ) -> None:
        """`on_lost` is called, within `take`, when partitions are taken away."""
        self._bootstrap = bootstrap
        self._group = role.group
        self._topics = [topic.name for topic in role.reads]
        self._restoration = restoration
        self._on_lost = on_lost
        self._consumer = Consumer(client(bootstrap, _own_settings(self._group)))
        self._ends = Ends()
        self._assignments = 0
        self._wanted: set[int] = set()
        self._restored: set[int] = set()
        self._together_until = 0.0
        self._has_joined = False
        self._owned: frozenset[int] = frozenset()
        self.progressed_at = time.monotonic()

    def join(self) -> None:
        """Joins the group. Does not block: the partitions come within `take`."""
        self._consumer.subscribe(
            self._topics,
            on_assign=self._on_assigned,
            on_revoke=self._on_revoked,
            on_lost=self._on_revoked,
        )

    @property
    def owned(self) -> frozenset[int]:
        """The partitions whose tables are up to date. Safe from another thread."""
        return self._owned

    @property
    def records_left(self) -> int:
        """Changelog records that are still to be read."""
        return self._restoration.records_left

    @property
    def ready(self) -> bool:
        """Whether the member has joined and all its tables are up to date.

        A member without partitions is ready too. Safe from another thread.
        """
        return self._has_joined and not self._wanted and not self._restoration.partitions

    def take(self) -> Batch | None:
        """Returns what is there, after WAIT_S at most; None when nothing is."""
        if self._wanted or self._restoration.partitions:
            retry_transient(self._restore)
        assignments = self._assignments
        with transient_when_away():
            wait_s = 0.0 if self._restoration.partitions else WAIT_S
            messages = taken(self._consumer, self._ends, MOST, wait_s)
        if not messages:
            self._commit_ends()
        if not messages or assignments != self._assignments:
            return None  # what a former membership took comes again from the committed offset
        # A fold may never be idle, and a partition looks late until its end is committed.
        ends = self._ends.take(besides={message.place for message in messages})
        return Batch(messages, self._consumer.consumer_group_metadata(), ends)

    def rewind(self, messages: Sequence[Fetched]) -> None:
        """Takes `messages` again, as far as their partitions are still ours."""
        assigned = {(part.topic, part.partition) for part in self._consumer.assignment()}
        for first in firsts(messages):
            self._ends.forget([first.place])  # it is behind them: a commit would pass them
            if first.place in assigned:
                self._consumer.seek(TopicPartition(*first.place, first.offset))

    def close(self) -> None:
        """Leaves the group, so that others go on at once."""
        self._restoration.keep(self._owned)
        self._consumer.close()
        self._restoration.stop()

    def _commit_ends(self) -> None:
        # All batches before are committed. This commit passes no message: it may be lost.
        ends = [TopicPartition(*place, end) for place, end in self._ends.take().items()]
        if ends:
            with suppress(KafkaException):
                self._consumer.commit(offsets=ends, asynchronous=False)

    def _restore(self) -> None:
        left = self._restoration.records_left
        if self._wanted:
            done = self._restoration.begin(self._wanted)
            self._wanted = set()
        else:
            done = self._restoration.step(WAIT_S / 5)
        if done or left != self._restoration.records_left:
            self.progressed_at = time.monotonic()
        self._restored |= done
        if not self._restoration.partitions or time.monotonic() > self._together_until:
            self._read_restored()

    def _read_restored(self) -> None:
        self._owned |= self._restored
        self._consumer.resume(self._places(self._restored))
        self._restored = set()

    def _on_assigned(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        # `starts` waits for a transaction of the former owner that may still commit. The end of the
        # changelog is asked for after that, so that nothing of it is missed.
        begun = starts(self._bootstrap, self._group, partitions)
        consumer.assign(begun)
        consumer.pause(begun)
        self._assignments += 1
        self._has_joined = True
        self._wanted = {partition.partition for partition in partitions}
        self.progressed_at = time.monotonic()
        self._together_until = self.progressed_at + TOGETHER_S

    def _on_revoked(self, _: Consumer, __: list[TopicPartition]) -> None:
        self._assignments += 1
        self._owned = frozenset()
        self._wanted = set()
        self._restored = set()
        self._ends = Ends()
        self._restoration.stop()
        self._on_lost()

    def _places(self, partitions: set[int]) -> list[TopicPartition]:
        places: list[TopicPartition] = []
        for topic in self._topics:
            places += [TopicPartition(topic, number) for number in partitions]
        return places


def _own_settings(group: str) -> dict[str, str | int | bool]:
    return {
        "group.id": group,
        "partition.assignment.strategy": "range",
        "session.timeout.ms": int(SESSION_S * 1000),
        "heartbeat.interval.ms": int(HEARTBEAT_S * 1000),
        "isolation.level": "read_committed",
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "auto.offset.reset": "earliest",
        "enable.partition.eof": True,
        "queued.max.messages.kbytes": QUEUE_KB,
        "fetch.wait.max.ms": int(FETCH_S * 1000),
    }

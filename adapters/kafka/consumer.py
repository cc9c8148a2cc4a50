"""A Kafka consumer for the loop of the stages.

Commits are manual; their metadata counts the attempts of the next message.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import partial

from confluent_kafka import Consumer, KafkaError, TopicPartition

from adapters.kafka.asked_offsets import starts, whole
from adapters.kafka.client import client, transient_when_away
from adapters.kafka.ends import Ends, Place
from adapters.kafka.fetched import Fetched, taken
from adapters.kafka.timed_call import answer, give_back
from adapters.process.retry import TransientError
from schemas.fact_sheet import Topic

ATTEMPT = "attempt="
"""Prefix of the committed metadata."""
COMMITTED_TIMEOUT_S = 10
FETCH_MS = 3_000
"""Wait of the broker for a message, which it hands over at once. It costs the broker to wait anew.

A partition that comes, or is let go, waits for the fetch that is under way.
"""
SOON_MS = 1_000
"""The same where one topic goes before another.

A member that has just joined takes its first live window up to so much later: its first fetch may
have left without that partition.
"""
UNANSWERED = 5
"""Heartbeats without an answer after which the client closes its connection to the coordinator.

It gives one up after an interval, and counts them as long as the connection lives. By itself it
closes it at the first one, and asks for the coordinator behind the fetch that is under way, while
the member grows stale. Five intervals are half of a session: the other half is for a new connection
where the old one died without a word.
"""
Taken = Callable[[set[Place]], None]
"""Is told of partitions that are taken away."""


class KafkaConsumer:
    """One member of a consumer group (KIP-848 protocol).

    Not thread-safe, except for `assigned`: call everything on the polling thread. Methods that
    ask the broker block, and raise TransientError when it is away.
    """

    def __init__(self, bootstrap: str, group: str, reads: Sequence[Topic]) -> None:
        """Joins nothing yet: see `join`."""
        own = {
            "group.id": group,
            "group.protocol": "consumer",
            # Each topic is shared by all members. The broker's own choice evens out the number
            # of partitions alone: one of two workers got all live windows, the other the rest.
            "group.remote.assignor": "range",
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "auto.offset.reset": "earliest",
            "queued.max.messages.kbytes": 8192,
            "fetch.wait.max.ms": SOON_MS if any(topic.yields for topic in reads) else FETCH_MS,
            "socket.max.fails": UNANSWERED,
            "enable.partition.eof": True,
            "on_commit": self._on_commit,
        }
        self._consumer = Consumer(client(bootstrap, own))
        self._bootstrap = bootstrap
        self._group = group
        self._topics = [topic.name for topic in reads]
        self._begun: dict[Place, Future[None]] = {}
        self._assigned: set[Place] = set()
        self._held = frozenset[str]()
        self._ends = Ends()
        self._found: list[Fetched] = []

    def join(self, on_revoke: Taken, on_lost: Taken) -> None:
        """Join the group. Both are called, within `poll`, with partitions that are taken away.

        Those of `on_revoke` are free when it returns. Those of `on_lost` may be another member's.
        """
        self._consumer.subscribe(
            self._topics,
            on_assign=self._on_assigned,
            on_revoke=partial(self._on_taken, on_revoke),
            on_lost=partial(self._on_taken, on_lost),
        )

    def _on_taken(self, tell: Taken, _: Consumer, partitions: list[TopicPartition]) -> None:
        places = _places(partitions)
        self._assigned -= places
        self._ends.forget(places)
        self._found[:] = [one for one in self._found if one.place not in places]
        tell(places)

    def _on_assigned(self, _: Consumer, partitions: list[TopicPartition]) -> None:
        self._assigned |= _places(partitions)
        self._consumer.incremental_assign(starts(self._bootstrap, self._group, partitions))
        # The client keeps whether a partition is paused, also while somebody else has it: one that
        # comes back may still be paused since then, and a new one is not paused.
        self._apply_hold(partitions)

    def _apply_hold(self, partitions: Sequence[TopicPartition]) -> None:
        held = [partition for partition in partitions if partition.topic in self._held]
        self._consumer.pause(held)
        self._consumer.resume([partition for partition in partitions if partition not in held])

    def poll(self, most: int, wait_s: float) -> list[Fetched]:
        """As `taken` does. Keeps the membership alive."""
        self._found = []
        return taken(self._consumer, self._ends, most, wait_s, self._found)

    def membership(self) -> object:
        """The member as the group knows it now, for a transaction. A rebalance ends it."""
        return self._consumer.consumer_group_metadata()

    def take_ends(self, besides: set[Place]) -> dict[Place, int]:
        """The ends that were reached since the last call, for the next commit.

        `besides`: partitions whose messages are still to be handled after that commit.
        """
        return self._ends.take(besides)

    def hold(self, topics: frozenset[str]) -> None:
        """Fetch nothing of these topics, also of partitions that come later, and all others.

        Polling goes on.
        """
        changed = self._held ^ topics
        if changed:
            self._held = topics
            present = self._consumer.assignment()
            self._apply_hold([partition for partition in present if partition.topic in changed])

    @property
    def places(self) -> frozenset[Place]:
        """The partitions that this member has. Never blocks; safe from another thread."""
        return frozenset(self._assigned)

    def assigned(self) -> bool:
        """Whether the group gave this member partitions. Never blocks; safe from another thread."""
        return bool(self._assigned)

    def attempts(self, offsets: Mapping[Place, int]) -> dict[Place, int]:
        """How often the message at each offset was begun before, by any member of the group."""
        wanted = [TopicPartition(*place) for place in offsets]
        found = whole(answer(COMMITTED_TIMEOUT_S, self._consumer.committed, wanted))
        attempts: dict[Place, int] = {}
        for commit in found:
            place = (commit.topic, commit.partition)
            attempts[place] = _attempts(commit, offsets[place])
        return attempts

    def begin(self, place: Place, offset: int, attempt: int) -> Future[None]:
        """Commit the number of an attempt. Does not block: it is done within a later `poll`.

        A commit that blocks is never answered when the group has gone on without this member:
        it hears of that in a poll.
        """
        wanted = TopicPartition(*place, offset, f"{ATTEMPT}{attempt}")
        self._begun[place] = done = Future[None]()
        with transient_when_away():
            self._consumer.commit(offsets=[wanted], asynchronous=True)
        return done

    def _on_commit(self, error: KafkaError | None, partitions: list[TopicPartition]) -> None:
        for partition in partitions:
            done = self._begun.pop((partition.topic, partition.partition), None)
            failed = error or partition.error
            if done is None:
                continue
            if failed is None:
                done.set_result(None)
            else:
                done.set_exception(TransientError(f"kafka: {failed.name()}"))

    def close(self) -> bool:
        """Leave the group. Return False when its broker did not answer: it finds out by itself.

        The client would wait for the answer to a commit for as long as the broker is away.
        """
        return give_back(self._consumer.close, if_late="group_not_left")


def _attempts(commit: TopicPartition, offset: int) -> int:
    metadata = commit.metadata or ""
    if commit.offset != offset or not metadata.startswith(ATTEMPT):
        return 0
    return int(metadata.removeprefix(ATTEMPT))


def _places(partitions: list[TopicPartition]) -> set[Place]:
    return {(partition.topic, partition.partition) for partition in partitions}

"""Reads the changelog of a fold into its table, from where the table's copy ends."""

from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from confluent_kafka import Consumer, Message, TopicPartition

from adapters.kafka.asked_offsets import AskedOffsets
from adapters.kafka.client import client, transient_when_away
from adapters.kafka.ends import end_of
from adapters.kafka.fetched import is_message
from adapters.process.retry import TransientError
from adapters.table import Table

MOST = 5_000
"""Records of one step. A step takes some ten milliseconds, so that polling goes on between two."""
QUEUE_KB = 4096
"""Fetched and not yet taken. All folds restore at once, and by default each may hold 64 MB."""
FETCH_BYTES = 256 << 10
"""Fetched of one partition at a time, compressed: states grow tenfold when unpacked."""
EMPTY_MS = 20
"""Wait of the broker for a record that is not there yet."""


@dataclass
class _Copy:
    """How far one partition is read, and how far it must be."""

    reached: int
    target: int
    rows: dict[bytes, bytes | None] = field(default_factory=dict)


class Restoration:
    """Brings the tables of partitions up to date, step by step. Not thread-safe; blocking.

    Every transaction that was committed before `begin` is read: the target is the end of the log,
    and a transaction that is still open there is waited for. Methods raise TransientError when the
    broker is away.
    """

    def __init__(self, bootstrap: str, topic: str, table: Table) -> None:
        self._topic = topic
        self._table = table
        self._bootstrap = bootstrap
        self._consumer: Consumer | None = None
        self._copies: dict[int, _Copy] = {}

    @property
    def partitions(self) -> Collection[int]:
        """The partitions that are not up to date yet."""
        return self._copies.keys()

    @property
    def records_left(self) -> int:
        """Offsets that are still to be read, of all partitions."""
        copies = list(self._copies.values())  # a probe may ask from another thread
        return sum(max(0, copy.target - copy.reached) for copy in copies)

    def begin(self, partitions: Collection[int]) -> set[int]:
        """Starts with these partitions alone. Returns those that are up to date already."""
        self.stop()
        firsts, ends = self._limits(partitions)
        done = set()
        for partition in partitions:
            reached = self._table.reached(partition)
            if not firsts[partition] <= reached <= ends[partition] or not reached:
                self._table.clear(partition)
                reached = firsts[partition]
            if reached >= ends[partition]:
                done.add(partition)
            else:
                self._copies[partition] = _Copy(reached, ends[partition])
        self._assign()
        return done

    def step(self, wait_s: float) -> set[int]:
        """Reads some records. Returns the partitions that are up to date now."""
        if self._consumer is None:
            return set()
        with transient_when_away():
            messages = self._consumer.consume(MOST, timeout=wait_s)
        try:
            done = {found for message in messages if (found := self._read(message)) is not None}
        except TransientError:
            self._assign()  # what the client handed out behind the error comes again
            raise
        for partition, copy in self._copies.items():
            if copy.rows or partition in done:
                self._table.write(partition, copy.rows, copy.reached)
                copy.rows = {}
        for partition in done:
            del self._copies[partition]
        if done:
            self._assign()
        return done

    def keep(self, partitions: Collection[int]) -> None:
        """Notes that the tables of these are up to date: until now they had one writer, us."""
        for partition in partitions:
            self._table.touch(partition)

    def stop(self) -> None:
        """Forgets all partitions. Their copies go on from here another time."""
        self._copies = {}
        self._assign()

    def _read(self, message: Message) -> int | None:
        """Takes a record. Returns its partition when that is read up to its target."""
        copy = self._copies.get(message.partition() or 0)
        if copy is None:
            return None
        end = end_of(message)
        if end is not None:
            # It has also passed the markers of transactions, which are no records.
            copy.reached = max(copy.reached, end)
            return message.partition() if copy.reached >= copy.target else None
        if is_message(message):
            copy.rows[message.key() or b""] = message.value()
            copy.reached = (message.offset() or 0) + 1
        return None

    def _assign(self) -> None:
        # A client costs threads and connections even while it is idle, so it lives as long as
        # there is something to read.
        if not self._copies:
            if self._consumer is not None:
                self._consumer.close()
                self._consumer = None
            return
        if self._consumer is None:
            self._consumer = Consumer(_consumer_settings(self._bootstrap, self._topic))
        starts = self._copies.items()
        self._consumer.assign(
            [TopicPartition(self._topic, partition, copy.reached) for partition, copy in starts]
        )

    def _limits(self, partitions: Collection[int]) -> tuple[dict[int, int], dict[int, int]]:
        """The first offset of each partition, and the offset after its last one."""
        places = [(self._topic, partition) for partition in partitions]
        with closing(AskedOffsets(self._bootstrap)) as offsets:
            firsts = offsets.firsts(places)
            ends = offsets.ends(places)
        return (
            {partition: offset for (_, partition), offset in firsts.items()},
            {partition: offset for (_, partition), offset in ends.items()},
        )


def _consumer_settings(bootstrap: str, topic: str) -> dict[str, Any]:
    own = {
        "group.id": f"{topic}-restore",  # the client wants one; it joins no group
        "enable.auto.commit": False,
        "auto.offset.reset": "earliest",
        "isolation.level": "read_committed",
        "enable.partition.eof": True,
        # The end of a partition is known when a fetch comes back empty: it need not wait for more.
        "fetch.wait.max.ms": EMPTY_MS,
        "queued.max.messages.kbytes": QUEUE_KB,
        "fetch.message.max.bytes": FETCH_BYTES,
    }
    return client(bootstrap, own)

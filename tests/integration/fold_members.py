"""Members of a fold's group on a real broker, each with a table of its own."""

from pathlib import Path
from uuid import uuid4

from adapters.kafka.changelog import Restoration
from adapters.kafka.fetched import Fetched
from adapters.kafka.intake import Batch, Intake
from adapters.kafka.publisher import Outgoing
from adapters.kafka.reader import whole
from adapters.kafka.transaction import KafkaTransactions
from adapters.process.retry import retry_transient
from adapters.settings import Settings
from adapters.table import Table
from deploy.waiting import until
from schemas import stages
from schemas.topics import GROUPS_DECIDED, GROUPS_REQUESTED

CHANGELOG = stages.GROUPS.changelog
HANDED_ON, OPENED, CONTINUED, AHEAD, FENCED, EMPTY = range(6)
"""Partitions."""


def change(partition: int, value: str, key: str = "g") -> Outgoing:
    """A record of the changelog."""
    return Outgoing(CHANGELOG, key.encode(), value.encode() or None, partition=partition)


def request(name: str) -> Outgoing:
    """A message of the fold's input."""
    return Outgoing(GROUPS_REQUESTED.name, b"g", name.encode(), partition=HANDED_ON)


def decision(name: str) -> Outgoing:
    """A message of the fold's output."""
    return Outgoing(GROUPS_DECIDED.name, b"g", name.encode())


class Member:
    """One member of the fold's group with a table of its own."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.table = Table(folder)
        restoration = Restoration(settings.kafka, CHANGELOG, self.table)
        self.intake = Intake(settings.kafka, stages.GROUPS, restoration, lambda: None)
        self.transactions = transactions(settings)
        self.intake.join()

    def batch(self) -> Batch:
        """The next batch. Blocking."""
        found = until(self.intake.take, lambda batch: batch is not None, 30, every_s=0)
        assert found is not None
        return found

    def commit(self, batch: Batch, *messages: Outgoing) -> None:
        """Commit the batch and write the table, as the agent does."""
        offsets = {message.place: message.offset + 1 for message in batch.messages}
        ends = self.transactions.commit(messages, offsets, batch.group)
        rows = {m.key or b"": m.value for m in messages if m.topic == CHANGELOG}
        self.table.write(HANDED_ON, rows, ends[CHANGELOG, HANDED_ON])

    def close(self) -> None:
        self.intake.close()
        self.table.close()


def transactions(settings: Settings, name: str = "") -> KafkaTransactions:
    """A producer that was started."""
    started = KafkaTransactions(settings.kafka, name or str(uuid4()))
    started.start()
    return started


def values(messages: list[Fetched] | tuple[Fetched, ...]) -> list[str]:
    """The bodies of messages."""
    return [(message.value or b"").decode() for message in messages]


def committed(settings: Settings) -> list[str]:
    """The bodies of all decisions that a reader sees."""
    return values(list(whole(settings.kafka, "test", GROUPS_DECIDED)))


def begun(restoration: Restoration, *partitions: int) -> set[int]:
    """Those that are up to date at once. A new broker says for a moment that it has no leaders."""
    return retry_transient(lambda: restoration.begin(partitions))


def restored(restoration: Restoration, wait_s: float = 30) -> None:
    """Read until every partition is up to date."""

    def left() -> int:
        restoration.step(0.1)
        return len(restoration.partitions)

    until(left, lambda number: number == 0, wait_s, every_s=0)

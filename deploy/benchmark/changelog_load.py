"""Finished sessions written straight to the changelogs, as the folds would have left them."""

from collections.abc import Iterator
from uuid import UUID

from aiokafka.partitioner import murmur2  # type: ignore[import-untyped]

from deploy.benchmark.backlog import Deliveries
from deploy.benchmark.finished_session import FinishedSessions, Tables
from deploy.uuid7 import new_session_id
from schemas import stages
from schemas.fact_sheet import SESSION_PARTITIONS

CHECKED = 3
BREAK = b"\n"
"""Between keys and values. No JSON of msgspec has one."""
Row = tuple[str, str, bytes]
"""Fold, key and value."""


class Template:
    """The rows of one finished session, made to be those of any other one."""

    def __init__(self, sessions: FinishedSessions) -> None:
        """Run the folds for a few sessions. Raises ValueError when ids are not all that differs."""
        self._sessions = sessions
        session = new_session_id()
        self._ids = [name.encode() for name in sessions.ids(session)]
        rows = _rows(sessions.tables(session))
        self._folds = [fold for fold, _, _ in rows]
        # One text: each id is replaced once in all rows.
        self._joined = BREAK.join(part for _, key, body in rows for part in (key.encode(), body))
        for _ in range(CHECKED):
            other = new_session_id()
            if list(self.of(other)) != _rows(sessions.tables(other)):
                raise ValueError("rows of finished sessions differ by more than their ids")

    @property
    def count(self) -> int:
        """Rows of one session."""
        return len(self._folds)

    def of(self, session: str) -> Iterator[Row]:
        """Yield the rows of `session`."""
        whole = self._joined
        for ours, theirs in zip(self._ids, self._sessions.ids(session), strict=True):
            whole = whole.replace(ours, theirs.encode())
        lines = iter(whole.split(BREAK))
        for fold in self._folds:
            yield fold, next(lines).decode(), next(lines)


def _rows(tables: Tables) -> list[Row]:
    found: list[Row] = []
    for fold, rows in tables.items():
        found += [(fold, key, body) for key, body in rows.items()]
    return found


def load(bootstrap: str, template: Template, sessions: int) -> None:
    """Write the rows of `sessions` new sessions. Blocks until the broker has all of them.

    Raises what `Deliveries.wait` raises.
    """
    deliveries = Deliveries(
        bootstrap,
        acks="all",
        linger_ms=50,
        compression_type="lz4",
        queue_buffering_max_messages=200_000,
    )
    changelogs = {fold.name.value: fold.changelog for fold in stages.FOLDS}
    for _ in range(sessions):
        session = new_session_id()
        partition = partition_of(session)
        for fold, key, value in template.of(session):
            _produce(deliveries, changelogs[fold], partition, key.encode(), value)
        deliveries.producer.poll(0)
    deliveries.wait()


def _produce(deliveries: Deliveries, topic: str, partition: int, key: bytes, value: bytes) -> None:
    while True:
        try:
            deliveries.producer.produce(topic, key=key, value=value, partition=partition)
        except BufferError:
            deliveries.producer.poll(0.1)
        else:
            return


def partition_of(session: str) -> int:
    """Return the partition of a session: Kafka's hash of its key."""
    digest: int = murmur2(str(UUID(session)).encode())
    return (digest & 0x7FFFFFFF) % SESSION_PARTITIONS

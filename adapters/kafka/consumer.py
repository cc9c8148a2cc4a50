"""A Kafka consumer as the loop needs it: manual commits whose metadata counts attempts, pause and resume."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from adapters.process.retry import TransientError

Place = tuple[str, int]
ATTEMPT = "attempt="
RETRIABLE = {
    KafkaError._ALL_BROKERS_DOWN,
    KafkaError._TRANSPORT,
    KafkaError._TIMED_OUT,
    KafkaError._PARTITION_EOF,
    KafkaError._RESOLVE,
}


@dataclass(frozen=True)
class Fetched:
    """One raw message."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None

    @property
    def place(self) -> Place:
        """Topic and partition."""
        return self.topic, self.partition


def fetched(message: Message) -> Fetched:
    """A message of the client, which must not be an error, as ours."""
    return Fetched(
        message.topic() or "",
        message.partition() or 0,
        message.offset() or 0,
        message.key(),
        message.value(),
    )


class KafkaConsumer:
    """One member of a consumer group (KIP-848). Not thread-safe: everything on the polling thread."""

    def __init__(self, bootstrap: str, group: str) -> None:
        """Joins nothing yet: see `subscribe`."""
        self._consumer = Consumer(
            {
                "bootstrap.servers": bootstrap,
                "group.id": group,
                "group.protocol": "consumer",
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                "auto.offset.reset": "earliest",
                "queued.max.messages.kbytes": 8192,
                "fetch.wait.max.ms": 100,
                "log_level": 3,
            }
        )
        self._held: set[Place] = set()

    def subscribe(self, topics: Sequence[str], on_revoke: Callable[[set[Place]], None]) -> None:
        """Join the group. `on_revoke` is called, within `poll`, with partitions taken away."""

        def revoked(_: Consumer, partitions: list[TopicPartition]) -> None:
            places = {(p.topic, p.partition) for p in partitions}
            self._held -= places
            on_revoke(places)

        self._consumer.subscribe(
            list(topics), on_assign=self._assigned, on_revoke=revoked, on_lost=revoked
        )

    def _assigned(self, _: Consumer, partitions: list[TopicPartition]) -> None:
        self._held |= {(p.topic, p.partition) for p in partitions}

    def poll(self, most: int, wait_s: float) -> list[Fetched]:
        """Up to `most` messages; keeps the membership alive. Raises TransientError for a broker that went away for good."""
        found = self._consumer.consume(most, timeout=wait_s)
        return [fetched(message) for message in found if self._is_message(message)]

    def _is_message(self, message: Message) -> bool:
        error = message.error()
        if error is None:
            return True
        if error.code() in RETRIABLE or error.retriable():
            return False
        raise TransientError(f"kafka: {error.name()}")

    def pause(self) -> None:
        """Fetch nothing until `resume`; polling goes on."""
        self._consumer.pause(self._consumer.assignment())

    def resume(self) -> None:
        """Fetch again."""
        self._consumer.resume(self._consumer.assignment())

    def assigned(self) -> bool:
        """Whether the group gave us work to do. Safe from another thread: the client itself is not asked."""
        return bool(self._held)

    def attempts(self, place: Place, offset: int) -> int:
        """How often `offset` was begun before, by any member of the group: read from the committed metadata."""
        committed = self._ask(
            lambda: self._consumer.committed([TopicPartition(*place)], timeout=10)
        )[0]
        metadata = committed.metadata or ""
        if committed.offset != offset or not metadata.startswith(ATTEMPT):
            return 0
        return int(metadata.removeprefix(ATTEMPT))

    def begin(self, place: Place, offset: int, attempt: int) -> None:
        """Note an attempt before it runs: what kills the process never reaches an `except`."""
        self.commit({place: offset}, f"{ATTEMPT}{attempt}")

    def commit(self, offsets: dict[Place, int], metadata: str = "") -> None:
        """Commit next offsets; blocking until the broker answered."""
        wanted = [
            TopicPartition(topic, partition, offset, metadata)
            for (topic, partition), offset in offsets.items()
        ]
        self._ask(lambda: self._consumer.commit(offsets=wanted, asynchronous=False))

    def _ask(self, call: Callable[[], list[TopicPartition]]) -> list[TopicPartition]:
        try:
            return call()
        except KafkaException as error:
            raise TransientError(f"kafka: {error.args[0].name()}") from error

    def close(self) -> None:
        """Leave the group."""
        self._consumer.close()

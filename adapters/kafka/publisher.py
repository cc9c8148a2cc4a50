"""Publishing to Kafka: a call returns when all in-sync replicas acknowledged every message."""

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Protocol

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from adapters.kafka.acknowledgements import Acknowledgements
from adapters.kafka.client import client
from adapters.process.logs import logger
from adapters.process.retry import TransientError
from schemas.codec import encode
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.partitions import key_of, partition_of

POLL_S = 0.5
GRACE_S = 5
"""The client reports a message that timed out a little later."""
MOST_BYTES = 900_000
"""Of one value. The client takes a million with all that is around it, as brokers do."""
BY_KEY = -1
"""librdkafka's RD_KAFKA_PARTITION_UA: the partitioner chooses."""


@dataclass(frozen=True)
class Outgoing:
    """One message to send. It carries bytes, so that a dead letter is the original as it came."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Mapping[str, str] = field(default_factory=dict)
    partition: int | None = None
    """None: by the hash of the key."""
    timestamp_ms: int = 0
    """Unix time; 0: now."""


def outgoing(topic: Topic, event: Event) -> Outgoing:
    """`event` as a message on `topic`, keyed as the fact sheet says."""
    return Outgoing(
        topic.name,
        key_of(topic, event).encode(),
        encode(event),
        partition=partition_of(topic, event),
    )


def too_large(messages: Sequence[Outgoing]) -> str:
    """The first of the messages that no broker takes, in words; empty when all are small enough.

    A process that publishes one ends with it, and meets its cause again at each start.
    """
    for message in messages:
        size = len(message.value or b"")
        if size > MOST_BYTES:
            return f"{size} bytes for {message.topic}"
    return ""


OnDelivery = Callable[[KafkaError | None, Message], None]


def produce(producer: Producer, message: Outgoing, on_delivery: OnDelivery | None) -> None:
    """Give `message` to the client. Does not block; raises BufferError and KafkaException."""
    producer.produce(
        message.topic,
        key=message.key,
        value=message.value,
        headers=list(message.headers.items()),
        partition=BY_KEY if message.partition is None else message.partition,
        on_delivery=on_delivery,
        timestamp=message.timestamp_ms,
    )


class Publisher(Protocol):
    """Port: blocks until all is acknowledged; raises TransientError when not all was."""

    def publish(self, messages: Sequence[Outgoing]) -> None:
        """Send all of `messages`, in order per key."""


PublishEvents = Callable[[Sequence[tuple[Topic, Event]]], None]
"""`publish_events` of some publisher."""


def publish_events(publisher: Publisher, events: Sequence[tuple[Topic, Event]]) -> None:
    """Send `events` as the fact sheets of their topics say. As `Publisher.publish`."""
    messages = [outgoing(topic, event) for topic, event in events]
    publisher.publish(messages)


class AwaitablePublisher(Publisher, Protocol):
    """Port: a publisher that an event loop can use as well."""

    async def published(self, messages: Sequence[Outgoing]) -> None:
        """Return when all of `messages` are acknowledged, as `publish` does. Nothing blocks."""


class KafkaPublisher:
    """librdkafka's idempotent producer, with the partitioner of Java's clients.

    A producer that met a fatal error takes nothing any more, for ever: it is made anew.
    """

    def __init__(self, bootstrap: str, timeout_s: float = 10.0) -> None:
        self._bootstrap = bootstrap
        self._timeout_s = timeout_s
        self._producer = self._new_producer()
        self._ended: list[Producer] = []
        self._renewing = threading.Lock()
        self._closing = threading.Event()
        self._callbacks = threading.Thread(
            target=self._serve_callbacks, name="kafka-acks", daemon=True
        )
        self._callbacks.start()

    def _new_producer(self) -> Producer:
        own = {
            "enable.idempotence": True,
            "acks": "all",
            "partitioner": "murmur2_random",
            "linger.ms": 0,  # a request has messages of one partition: few are worth a wait
            "message.timeout.ms": int(self._timeout_s * 1000),
            "compression.type": "lz4",
        }
        return Producer(client(self._bootstrap, own))

    def publish(self, messages: Sequence[Outgoing]) -> None:
        """Send all of `messages`, in order per key. Blocking; thread-safe.

        Raises TransientError when not all were acknowledged. Some may have been written: send all
        of them again.
        """
        try:
            acknowledged = self._send(messages)
            acknowledged.result(self._timeout_s + GRACE_S)
        except TimeoutError:
            raise TransientError("kafka did not acknowledge: no answer") from None

    async def published(self, messages: Sequence[Outgoing]) -> None:
        """The same for an event loop."""
        try:
            async with asyncio.timeout(self._timeout_s + GRACE_S):
                acknowledged = self._send(messages)
                await asyncio.wrap_future(acknowledged)
        except TimeoutError:
            raise TransientError("kafka did not acknowledge: no answer") from None

    def _send(self, messages: Sequence[Outgoing]) -> Future[None]:
        """Give the messages to the client. The future is done when all are acknowledged.

        A producer that met a fatal error is made anew, and the new one is tried once. Does not
        block; raises TransientError when the client does not take a message.
        """
        producer = self._producer
        try:
            return _give_all(producer, messages)
        except KafkaException as error:
            if not is_fatal(error):
                raise _not_taken(error) from error
            self._renew(producer)
        except BufferError as error:
            raise _not_taken(error) from error
        try:
            return _give_all(self._producer, messages)
        except (BufferError, KafkaException) as error:
            raise _not_taken(error) from error

    def _renew(self, ended: Producer) -> None:
        """Replace the producer, unless another thread has done it. Does not block."""
        with self._renewing:
            if self._producer is ended:
                logger().warning("producer_renewed", reason="a fatal error of the client")
                self._ended.append(ended)
                self._producer = self._new_producer()

    def _serve_callbacks(self) -> None:
        """Call the callbacks of the producers that are due, until the publisher is closed.

        An ended producer is served until it has nothing left: somebody may wait for its messages,
        and is told that they were not delivered.
        """
        while not self._closing.is_set():
            serve(self._producer, POLL_S)
            with self._renewing:
                self._ended = [ended for ended in self._ended if _served_and_unfinished(ended)]

    def close(self) -> None:
        """Wait for the messages that are still on their way."""
        self._closing.set()
        self._callbacks.join()
        serve(self._producer)
        self._producer.flush(self._timeout_s)


def _served_and_unfinished(ended: Producer) -> bool:
    """Serve an ended producer. Return whether it may have more callbacks to call."""
    called = serve(ended)
    unreported = len(ended)
    return called > 0 or unreported > 0


def _give_all(producer: Producer, messages: Sequence[Outgoing]) -> Future[None]:
    acknowledged = Acknowledgements(len(messages))
    for message in messages:
        produce(producer, message, acknowledged.on_delivery)
    return acknowledged.all


def serve(producer: Producer, wait_s: float = 0.0) -> int:
    """Call the callbacks that are due; return how many. Blocks for `wait_s` when there is none.

    The client raises its fatal error from a poll, once, and no callback for errors prevents that.
    It is left to the next call that gives the producer something: that call has a caller.
    """
    try:
        return producer.poll(wait_s)
    except KafkaException as error:
        if not is_fatal(error):
            raise
        return 1


def is_fatal(error: KafkaException) -> bool:
    """Return whether the producer is at its end. The client says so in one of two ways."""
    reason = error.args[0]
    return bool(reason.fatal()) or reason.code() == KafkaError._FATAL  # noqa: SLF001


def _not_taken(error: Exception) -> TransientError:
    return TransientError(f"kafka did not take a message: {type(error).__name__}")

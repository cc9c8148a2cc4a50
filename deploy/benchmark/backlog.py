"""A backlog that becomes readable in one moment, and a watch on the outputs that follow.

The broker is asked whether it has everything that it was given.
"""

import time
from collections.abc import Callable, Iterable
from functools import partial
from uuid import uuid4

import msgspec
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from adapters.kafka.client import client, transient_when_away
from adapters.kafka.publisher import Outgoing
from adapters.process.retry import retry_transient
from schemas.fact_sheet import SESSION_PARTITIONS
from schemas.ids import SessionId

POLL_S = 0.5
ASKED = 1_000
"""Messages that the watch takes at a time."""
TIMEOUT_S = 30
DELIVERED_S = 60


class Output(msgspec.Struct):
    """The fields of an output that say how far its session is."""

    session_id: SessionId
    received: tuple[tuple[int, int], ...] = ()
    seq: int = -1


class Watch:
    """Reads one topic as committed, from its end at the time of the making. Not thread-safe."""

    def __init__(self, bootstrap: str, topic: str, silence_s: float = TIMEOUT_S) -> None:
        """Blocking. `silence_s`: without any output for so long, a wait gives up."""
        self._silence_s = silence_s
        self._latest: dict[str, Output] = {}
        own = {
            "group.id": f"watch-{uuid4()}",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
            "fetch.wait.max.ms": 100,
        }
        self._consumer = Consumer(client(bootstrap, own))
        places = [TopicPartition(topic, number) for number in range(SESSION_PARTITIONS)]
        for place in places:
            place.offset = retry_transient(partial(self._end, place))
        self._consumer.assign(places)
        # The first poll resolves where to read from. It must not be part of a measurement.
        self._consumer.consume(1, timeout=POLL_S)

    def _end(self, place: TopicPartition) -> int:
        with transient_when_away():  # a topic that was made just now has no leader yet
            return self._consumer.get_watermark_offsets(place, timeout=TIMEOUT_S)[1]

    def until_done(self, wanted: int, is_done: Callable[[Output], bool]) -> float:
        """Return the `perf_counter` at which the last of `wanted` sessions was seen done.

        Sessions count that were seen done before, by the latest output of each.
        Blocking. Raises TimeoutError when nothing at all comes for `silence_s`.
        """
        done = {name for name, output in self._latest.items() if is_done(output)}
        heard_at = time.perf_counter()
        while len(done) < wanted:
            outputs = self._outputs()
            now = time.perf_counter()
            if outputs:
                heard_at = now
            if now - heard_at > self._silence_s:
                raise TimeoutError(f"{len(done)} of {wanted} sessions, then silence")
            self._latest |= {output.session_id: output for output in outputs}
            done |= {output.session_id for output in outputs if is_done(output)}
        return time.perf_counter()

    def _outputs(self) -> list[Output]:
        messages = self._consumer.consume(ASKED, timeout=0.01)
        bodies = [_body(message) for message in messages]
        return [msgspec.json.decode(body, type=Output) for body in bodies]

    def close(self) -> None:
        """Give the connections back."""
        self._consumer.close()


def _body(message: Message) -> bytes:
    if message.error() is not None:
        raise RuntimeError(str(message.error()))
    return message.value() or b""


class Deliveries:
    """The deliveries of one producer, `producer`. Not thread-safe."""

    def __init__(self, bootstrap: str, **more: str | int) -> None:
        """`more` are settings of the client, with underscores for dots. Does not block."""
        self._first_error: KafkaError | None = None
        own = {
            "on_delivery": self._note,
            "delivery.report.only.error": True,
            **{name.replace("_", "."): value for name, value in more.items()},
        }
        self.producer = Producer(client(bootstrap, own))

    def _note(self, error: KafkaError | None, _: Message) -> None:
        if self._first_error is None:
            self._first_error = error

    def wait(self, timeout_s: float = DELIVERED_S) -> None:
        """Block until the broker has all messages.

        Raises KafkaException with the first error of a delivery, and TimeoutError when messages
        are left after `timeout_s`.
        """
        left = self.producer.flush(timeout_s)
        if self._first_error is not None:
            raise KafkaException(self._first_error)
        if left:
            raise TimeoutError(f"{left} messages are not delivered after {timeout_s:g} s")


def whole(chunks: int) -> Callable[[Output], bool]:
    """Return whether an output says that its session has all its chunks.

    An output of a fold is a row of the directory, that of the limit is a copied chunk.
    """
    every_chunk = ((0, chunks),)
    last_chunk = chunks - 1

    def is_whole(output: Output) -> bool:
        return output.received == every_chunk or output.seq == last_chunk

    return is_whole


def make_topics(bootstrap: str, names: Iterable[str]) -> None:
    """Create topics partitioned as those of sessions are. Blocking."""
    admin = AdminClient(client(bootstrap, {}))
    wanted = [NewTopic(name, num_partitions=SESSION_PARTITIONS) for name in names]
    for future in admin.create_topics(wanted).values():
        future.result(timeout=TIMEOUT_S)


def release(bootstrap: str, messages: Iterable[Outgoing], topic: str) -> float:
    """Write `messages` to `topic` in one transaction, and return when its commit began.

    Until the commit no reader sees any of them, so that the writing costs no host anything. The
    time is of `perf_counter`. Blocking. Raises what `Deliveries.wait` raises.
    """
    deliveries = _deliveries(bootstrap, transactional_id=f"backlog-{uuid4()}")
    producer = deliveries.producer
    producer.init_transactions(TIMEOUT_S)
    producer.begin_transaction()
    _send(deliveries, messages, topic)
    began = time.perf_counter()
    producer.commit_transaction(TIMEOUT_S)
    return began


def send(bootstrap: str, messages: Iterable[Outgoing], topic: str) -> None:
    """Write `messages` to `topic`, without a transaction. Blocking.

    Raises what `Deliveries.wait` raises.
    """
    _send(_deliveries(bootstrap), messages, topic)


def _deliveries(bootstrap: str, **more: str) -> Deliveries:
    return Deliveries(bootstrap, partitioner="murmur2_random", **more)


def _send(deliveries: Deliveries, messages: Iterable[Outgoing], topic: str) -> None:
    producer = deliveries.producer
    for message in messages:
        producer.produce(topic, key=message.key, value=message.value)
        producer.poll(0)
    deliveries.wait(TIMEOUT_S)

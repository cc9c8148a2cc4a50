"""Messages that are taken from the client: the ends of partitions are in its queue, and count not.

The queue is that of the client; its items are real messages of the library.
"""

from collections.abc import Callable
from typing import cast

import pytest
from confluent_kafka import Consumer, KafkaError, Message, TopicPartition

from adapters.kafka.consumer import KafkaConsumer
from adapters.kafka.ends import Ends, Place
from adapters.kafka.fetched import taken
from schemas import topics

TOPIC = "speech.window.ready.v1"
PARTITIONS = 48


class Client:
    """The part of `confluent_kafka.Consumer` that hands out what its queue holds."""

    def __init__(self, queue: list[Message]) -> None:
        self.queue = queue
        self.waits: list[float] = []

    def consume(self, most: int, timeout: float) -> list[Message]:
        self.waits.append(timeout)
        found = self.queue[:most]
        self.queue = self.queue[most:]
        return found


def end(partition: int, offset: int) -> Message:
    error = KafkaError(KafkaError._PARTITION_EOF)
    return Message(topic=TOPIC, partition=partition, offset=offset, error=error)


def message(partition: int, offset: int) -> Message:
    return Message(topic=TOPIC, partition=partition, offset=offset, value=b"{}", key=b"s")


def take(client: Client, ends: Ends, most: int = 1) -> list[tuple[int, int]]:
    found = taken(cast("Consumer", client), ends, most, 0.5)
    return [(one.partition, one.offset) for one in found]


def test_a_message_is_taken_from_behind_the_ends_of_all_other_partitions() -> None:
    """Each end took a poll of its own: a live window waited for 96 polls of a worker at work."""
    ends = Ends()
    client = Client([end(number, 3) for number in range(1, PARTITIONS)] + [message(0, 7)])
    assert take(client, ends) == [(0, 7)]
    assert ends.take() == {(TOPIC, number): 3 for number in range(1, PARTITIONS)}


def test_nothing_found_says_that_the_queue_is_empty() -> None:
    """A commit asks until then: what the group took away may be behind the end of a partition."""
    client = Client([end(number, 3) for number in range(PARTITIONS)])
    assert take(client, Ends()) == []
    assert client.queue == []


def test_no_more_is_taken_than_was_asked_for_and_only_the_first_is_waited_for() -> None:
    client = Client([message(0, 1), end(0, 2), message(0, 2), message(0, 3)])
    assert take(client, Ends(), most=2) == [(0, 1), (0, 2)]
    assert len(client.queue) == 1
    assert client.waits == [0.5, *[0.0] * (len(client.waits) - 1)]


def test_an_end_before_a_later_message_is_none() -> None:
    ends = Ends()
    take(Client([end(0, 2), message(0, 3)]), ends)
    assert ends.take() == {}


def test_a_member_that_stood_still_for_minutes_goes_on() -> None:
    """Before, its process ended. The client joins the group anew, and says that in a callback."""
    late = Message(error=KafkaError(KafkaError._MAX_POLL_EXCEEDED))
    assert take(Client([late, message(0, 7)]), Ends(), most=2) == [(0, 7)]


class Moving(Client):
    """A partition is taken away when the client is asked for a second time."""

    on_revoke: Callable[[Consumer, list[TopicPartition]], None]

    def subscribe(
        self,
        names: list[str],
        on_revoke: Callable[[Consumer, list[TopicPartition]], None],
        **_: object,
    ) -> None:
        self.on_revoke = on_revoke

    def consume(self, most: int, timeout: float) -> list[Message]:
        if len(self.waits) == 1:
            self.on_revoke(cast("Consumer", self), [TopicPartition(TOPIC, 0)])
        return super().consume(most, timeout)


def test_a_message_is_not_taken_of_a_partition_that_goes_in_the_same_poll(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before, it was worked on, and what its new owner had committed was set back."""
    client = Moving([message(0, 7), message(1, 4)])
    consumer = KafkaConsumer("127.0.0.1:1", "group", [topics.WINDOW_READY])
    monkeypatch.setattr(consumer, "_consumer", client)
    told: list[set[Place]] = []
    consumer.join(told.append, told.append)
    found = consumer.poll(5, 0.5)
    assert [(one.partition, one.offset) for one in found] == [(1, 4)]
    assert told == [{(TOPIC, 0)}]

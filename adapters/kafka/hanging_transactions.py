"""Transactions that their coordinator has forgotten: nobody would ever end them.

A broker whose disk is full may lose its note of one. A broker that was killed forgets one that
times out while it starts (Apache Kafka 4.3.1): it knows no leader of any partition then, takes
them all for deleted, writes no mark, and notes that the transaction is over.
"""

from collections.abc import Collection
from contextlib import closing, suppress

from confluent_kafka import Consumer, Producer, TopicPartition

from adapters.kafka.asked_offsets import AskedOffsets
from adapters.kafka.client import client
from adapters.kafka.ends import Place
from adapters.kafka.publisher import Outgoing, produce
from adapters.kafka.receipt import Receipt
from adapters.kafka.transactional_calls import CALL_S, MustAbortError, checked
from adapters.process.retry import TransientError, retry_transient

NO_OFFSET = TopicPartition("__consumer_offsets", 0, 0)
"""Sent in transactions that are aborted: a partition that every broker has, and nobody reads."""
ASK_S = 20.0
"""The broker has just given the id: only a partition without a leader is waited for."""


def end_hanging(producer: Producer, bootstrap: str, group: str, topics: Collection[str]) -> None:
    """Aborts a transaction of no effect over the group's offsets and what is open in `topics`.

    `producer` has its id and no transaction. Blocking, a minute at most. Raises FencedError,
    MustAbortError, KafkaException and TransientError.

    Everybody who asks for offsets of the group, or reads a partition, waits for ever behind a
    transaction that hangs. The next commit of its id would make it valid. The mark of any aborted
    transaction of the id in the same partition ends it. Transactions of other ids stay open.
    """
    places = _open_places(bootstrap, topics)
    with closing(Consumer(client(bootstrap, {"group.id": group}))) as nobody:
        metadata = nobody.consumer_group_metadata()
        checked(producer.begin_transaction)
        reached = _produce_nothing(producer, places)
        with suppress(MustAbortError):  # the group may refuse who is no member: all the same
            checked(producer.send_offsets_to_transaction, [NO_OFFSET], metadata, CALL_S)
        checked(producer.abort_transaction, CALL_S)
    if len(reached) < len(places):
        raise TransientError(f"kafka: {len(reached)} of {len(places)} partitions took a message")


def _open_places(bootstrap: str, topics: Collection[str]) -> list[Place]:
    if not topics:
        return []
    with closing(AskedOffsets(bootstrap)) as asked:
        return retry_transient(lambda: asked.open_places(topics), ASK_S)


def _produce_nothing(producer: Producer, places: Collection[Place]) -> Collection[Place]:
    """A message that nobody will read in each partition; the partitions that have it."""
    receipt = Receipt()
    for topic, partition in places:
        produce(producer, Outgoing(topic, b"", b"", partition=partition), receipt.on_delivery)
    producer.flush(CALL_S)
    return receipt.ends.keys()

"""Offsets of a transaction that its coordinator has forgotten."""

from contextlib import closing, suppress

from confluent_kafka import Consumer, Producer, TopicPartition

from adapters.kafka.client import client
from adapters.kafka.transactional_calls import CALL_S, MustAbortError, checked

NO_OFFSET = TopicPartition("__consumer_offsets", 0, 0)
"""Sent in transactions that are aborted: a partition that every broker has, and nobody reads."""


def end_hanging_offsets(producer: Producer, bootstrap: str, group: str) -> None:
    """Aborts a transaction of no effect over the group's offsets. Blocking.

    `producer` has its id and no transaction. Raises FencedError, MustAbortError and TransientError.

    A broker whose disk is full may lose its note of a transaction and keep the offsets in it.
    Everybody who asks for offsets of the group then waits for ever, and the next commit of this
    id would make them valid. The mark of any aborted transaction of the id ends them.
    """
    with closing(Consumer(client(bootstrap, {"group.id": group}))) as nobody:
        metadata = nobody.consumer_group_metadata()
        checked(producer.begin_transaction)
        with suppress(MustAbortError):  # the group may refuse who is no member: all the same
            checked(producer.send_offsets_to_transaction, [NO_OFFSET], metadata, CALL_S)
        checked(producer.abort_transaction, CALL_S)

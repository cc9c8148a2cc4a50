"""The settings of a transactional producer of librdkafka."""

from confluent_kafka import Producer

from adapters.kafka.client import FATAL, client

TIMEOUT_S = 6.0
"""Seconds after which the broker aborts a transaction that nobody finished.

While it is open, readers of the same partitions wait, and nobody can take over its offsets.
"""
IDLE_S = 30.0
"""A connection without traffic is closed after so long. It ends a call that lost its answer.

librdkafka 2.16.0 asks for the coordinator of a group three times in some milliseconds. A broker
that has just started may know none. The call for the offsets then waits until a connection of its
client opens or closes: without this, for ten minutes, after which a broker closes idle ones.
"""


def transactional_producer(bootstrap: str, transactional_id: str, idle_s: float) -> Producer:
    """A producer that has asked nothing of the broker yet."""
    own = {
        "transactional.id": transactional_id,
        "transaction.timeout.ms": int(TIMEOUT_S * 1000),
        "partitioner": "murmur2_random",
        "linger.ms": 0,
        "connections.max.idle.ms": int(idle_s * 1000),
        # The broker refuses a new transaction for some milliseconds after the last one.
        "retry.backoff.ms": 5,
        "retry.backoff.max.ms": 50,
        "compression.type": "lz4",
    }
    return Producer(client(bootstrap, own, FATAL))

"""The Kafka key of an event and its partition."""

from zlib import crc32

from schemas.event import Event
from schemas.fact_sheet import Topic

STRIDE = 11
"""Partitions from one window of a session to the next.

With this stride the 2 to 12 workers of a group get the most equal shares of any run of windows:
four windows apart at most (`tests/unit/test_fair_order.py`). It does not matter whether partitions
are dealt in turns or in blocks. With hashed keys one of two workers may get twice as many.
"""


def key_of(topic: Topic, event: Event) -> str:
    """Return the Kafka key of `event` on `topic`: the values of the key's fields, with colons."""
    return ":".join(str(getattr(event, name)) for name in topic.key)


def partition_of(topic: Topic, event: Event) -> int | None:
    """Return the partition of `event` on `topic`. None: the hash of its key decides."""
    if topic.dealt_by is None:
        return None
    first = crc32(str(getattr(event, topic.key[0])).encode())
    number: int = getattr(event, topic.dealt_by)
    return (first + number * STRIDE) % topic.partitions

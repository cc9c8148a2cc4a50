"""Messages as the client hands them out: its queue holds errors and ends of partitions too."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from confluent_kafka import Consumer, KafkaError, Message

from adapters.kafka.ends import Ends, Place
from adapters.process.retry import TransientError

RETRIABLE = {
    KafkaError._ALL_BROKERS_DOWN,
    KafkaError._TRANSPORT,
    KafkaError._TIMED_OUT,
    KafkaError._PARTITION_EOF,
    KafkaError._RESOLVE,
    KafkaError._MAX_POLL_EXCEEDED,
}
"""Errors in place of a message after which the client goes on by itself.

A member that did not poll for five minutes joins its group anew: its machine stood still, say.
"""


@dataclass(frozen=True)
class Fetched:
    """One message, not decoded."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None

    @property
    def place(self) -> Place:
        """Topic and partition."""
        return self.topic, self.partition

    @property
    def key_text(self) -> str:
        """The key; empty when it has none. Bytes that are no text are replaced."""
        return (self.key or b"").decode(errors="replace")


def fetched(message: Message) -> Fetched:
    """The client's message, which must not be an error, as ours."""
    return Fetched(
        message.topic() or "",
        message.partition() or 0,
        message.offset() or 0,
        message.key(),
        message.value(),
    )


def headers_of(message: Message) -> dict[str, str]:
    """The headers of the client's message; the last one of a name counts.

    Bytes that are no text are replaced.
    """
    pairs = cast(list[tuple[str, bytes | None]], message.headers() or [])
    headers: dict[str, str] = {}
    for name, value in pairs:
        headers[name] = (value or b"").decode(errors="replace")
    return headers


def firsts(messages: Sequence[Fetched]) -> list[Fetched]:
    """The first message of each partition."""
    places: dict[Place, Fetched] = {}
    for message in messages:
        places.setdefault(message.place, message)
    return list(places.values())


def taken(
    consumer: Consumer, ends: Ends, most: int, wait_s: float, found: list[Fetched] | None = None
) -> list[Fetched]:
    """Up to `most` messages that are there, or the first to come within `wait_s`.

    Empty when none is left in the client, nor news of the group. The ends of partitions on the way
    are noted in `ends`, and are no messages: each partition of a member that joins has one. Raises
    TransientError for an error after which the client does not go on by itself.

    They are collected in `found`: a callback of the group takes those of a partition that goes
    meanwhile out of it. Of what comes later, the client itself leaves them out.
    """
    found = [] if found is None else found
    # The client waits until it has as many as it is asked for, or the time is over.
    messages = consumer.consume(1, timeout=wait_s)
    while messages:
        ends.note(messages)
        found += [fetched(message) for message in messages if is_message(message)]
        if len(found) >= most:
            break
        messages = consumer.consume(most - len(found), timeout=0)
    return found


def is_message(message: Message) -> bool:
    """False for an error that passes. Raises TransientError for one that does not."""
    error = message.error()
    if error is None:
        return True
    if error.code() in RETRIABLE or error.retriable():
        return False
    raise TransientError(f"kafka: {error.name()}")

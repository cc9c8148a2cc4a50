"""Kafka transactions: messages and consumed offsets become visible together, or none of them.

A member that lost its partitions is refused by the group's metadata (KIP-447): the broker compares
the generation in it with the group's. So one transactional id for each process is enough.
"""

import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing
from typing import Any, Protocol
from uuid import uuid4

from confluent_kafka import KafkaError, KafkaException, Message, Producer, TopicPartition

from adapters.kafka.asked_offsets import AskedOffsets
from adapters.kafka.client import FATAL, client
from adapters.kafka.consumer import Place
from adapters.kafka.publisher import Outgoing, is_fatal, produce, serve
from adapters.process.logs import logger
from adapters.process.retry import (
    PATIENCE_S,
    TransientError,
    is_stopping,
    retry_transient,
)
from adapters.settings import Settings

TIMEOUT_S = 6.0
"""Seconds after which the broker aborts a transaction that nobody finished.

While it is open, readers of the same partitions wait, and nobody can take over its offsets.
"""
CALL_S = 5.0
"""Seconds that one call may block. SIGTERM waits for it."""
LOST_S = 5.0
"""A call that is so much late has lost its answer.

librdkafka 2.16.0 does not always keep the time: after a broker was killed and came back, a call
for the offsets of a transaction never returned.
"""
AGAIN_S = 0.1
"""Between a transaction that was aborted and the next."""
MOST_FENCED = 5
RIVAL_S = 60.0
"""More than MOST_FENCED times in so long, only a rival fences: a live process with the same id.

A broker that was frozen fences a producer too, and more than once: it gives transactions up, and
takes its role as their coordinator again.
"""
WHOSE = "by="
"""Prefix of the committed metadata, which tells whose commit an offset is."""
STALE = {
    KafkaError.UNKNOWN_MEMBER_ID,
    KafkaError.ILLEGAL_GENERATION,
    KafkaError.FENCED_INSTANCE_ID,
    KafkaError.STALE_MEMBER_EPOCH,
    KafkaError.FENCED_MEMBER_EPOCH,
}
"""Answers to a member that the group has gone on without."""


class StaleMemberError(Exception):
    """The group gave our partitions to others. The transaction was aborted and has no effect."""


class FencedError(Exception):
    """The producer can do nothing any more: another live process has its id. End the process."""


class Transactions(Protocol):
    """Port: see `KafkaTransactions`."""

    def commit(
        self, messages: Sequence[Outgoing], offsets: Mapping[Place, int], group: object
    ) -> dict[Place, int]:
        """See `KafkaTransactions.commit`."""


def started(settings: Settings, group: str) -> "KafkaTransactions":
    """The producer of this worker of a group, ready to commit. Blocks as `start` does.

    No two live workers of a group may have one host name and number: the later ends the earlier.
    """
    writer = f"{group}-{socket.gethostname()}-{settings.worker}"
    transactions = KafkaTransactions(settings.kafka, writer, group)
    transactions.start()
    return transactions


class KafkaTransactions:
    """One transactional producer. Not thread-safe; every call may block."""

    def __init__(self, bootstrap: str, transactional_id: str, group: str = "") -> None:
        """Asks nothing of the broker yet: see `start`. `group` is that of the offsets."""
        self._bootstrap = bootstrap
        self._id = transactional_id
        self._group = group or transactional_id
        self._producer = self._new_producer()
        self._fenced: list[float] = []

    def _new_producer(self) -> Producer:
        own = {
            "transactional.id": self._id,
            "transaction.timeout.ms": int(TIMEOUT_S * 1000),
            "partitioner": "murmur2_random",
            "linger.ms": 0,
            # The broker refuses a new transaction for some milliseconds after the last one.
            "retry.backoff.ms": 5,
            "retry.backoff.max.ms": 50,
            "compression.type": "lz4",
        }
        return Producer(client(self._bootstrap, own, FATAL))

    def start(self) -> None:
        """Aborts what an earlier process of this id left open, and fences that process.

        Call it once, before `commit`. Raises TransientError when the broker stays away.
        """
        # A call that got no answer may have been carried out: only the same call again tells.
        retry_transient(lambda: _checked(self._producer.init_transactions, CALL_S))
        serve(self._producer)  # log lines come out here

    def commit(
        self, messages: Sequence[Outgoing], offsets: Mapping[Place, int], group: Any
    ) -> dict[Place, int]:
        """Publishes `messages` and commits `offsets` for the member `group`, in one transaction.

        `group` is the consumer's group metadata from the moment when it took the messages. Returns
        the offset after the last message for each partition that messages name.

        Raises StaleMemberError when the member has lost its partitions: nothing was written. Raises
        FencedError when another live process has the id. Raises TransientError when the broker
        stays away; the outcome is unknown then, so end the process: its next start finds out.
        """
        until_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < until_s and not is_stopping():
            receipt = _Receipt()
            token = WHOSE + uuid4().hex
            try:
                self._attempt(receipt, messages, _consumed(offsets, token), group)
            except _MustAbortError as error:
                self._abort()
                if error.is_stale:
                    raise StaleMemberError(str(error)) from error
                time.sleep(AGAIN_S)
            except (FencedError, TransientError) as error:
                # No answer, or one about a transaction that the broker gave up: it was frozen, or
                # we were. The client does not get over it, and its next call may never end.
                self._renew(error)
                if retry_transient(lambda: self._is_committed(offsets, token)):  # noqa: B023
                    return receipt.ends
            else:
                return receipt.ends
        raise TransientError("kafka takes every transaction back")

    def _attempt(
        self,
        receipt: "_Receipt",
        messages: Sequence[Outgoing],
        consumed: Sequence[TopicPartition],
        group: Any,
    ) -> None:
        _checked(self._producer.begin_transaction)
        for message in messages:
            self._produce(message, receipt)
        if consumed:
            _checked(self._producer.send_offsets_to_transaction, consumed, group, CALL_S)
        _checked(self._producer.commit_transaction, CALL_S)
        serve(self._producer)  # log lines come out here

    def _abort(self) -> None:
        try:
            _checked(self._producer.abort_transaction, CALL_S)
        except (FencedError, TransientError) as error:
            self._renew(error)

    def _renew(self, error: Exception) -> None:
        """Makes the producer anew. A transaction that was under way is settled when this returns.

        Raises FencedError when another live process has the id.
        """
        if isinstance(error, FencedError):
            self._note_fencing()
        logger().warning("producer_renewed", id=self._id, reason=str(error))
        serve(self._producer)  # what was delivered is noted
        self._producer = self._new_producer()
        self.start()

    def _note_fencing(self) -> None:
        now_s = time.monotonic()
        self._fenced = [at_s for at_s in self._fenced if now_s - at_s < RIVAL_S] + [now_s]
        if len(self._fenced) > MOST_FENCED:
            raise FencedError(f"kafka: another live process has the id {self._id}")

    def _is_committed(self, offsets: Mapping[Place, int], token: str) -> bool:
        if not offsets:
            return False
        with closing(AskedOffsets(self._bootstrap)) as asked:
            return token in asked.metadata(self._group, offsets.keys()).values()

    def _produce(self, message: Outgoing, receipt: "_Receipt") -> None:
        try:
            named = message.partition is not None
            produce(self._producer, message, receipt.on_delivery if named else None)
        except BufferError as error:
            raise _MustAbortError("kafka: the producer's queue is full", is_stale=False) from error
        except KafkaException as exception:
            if exception.args[0].code() == KafkaError._STATE:  # noqa: SLF001
                # The client has heard meanwhile that the transaction must be aborted.
                raise _MustAbortError("kafka: no transaction", is_stale=False) from exception
            raise _typed(exception) from exception

    def close(self) -> None:
        """Serves the callbacks that are left. An open transaction is aborted by the broker."""
        self._producer.flush(1.0)


def _consumed(offsets: Mapping[Place, int], token: str) -> list[TopicPartition]:
    return [TopicPartition(*place, offset, token) for place, offset in offsets.items()]


def _checked(call: Callable[..., object], *arguments: object) -> None:
    try:
        _in_time(call, *arguments)
    except KafkaException as exception:
        raise _typed(exception) from exception


def _in_time(call: Callable[..., object], *arguments: object) -> None:
    """Make the call on a thread that nobody waits for longer than it may take.

    Raises TransientError when it does not return. Its thread then keeps the producer for ever.
    """
    outcome = Future[None]()

    def make() -> None:
        try:
            call(*arguments)
        except Exception as error:  # noqa: BLE001  # it is raised where the call is waited for
            outcome.set_exception(error)
        else:
            outcome.set_result(None)

    threading.Thread(target=make, name="kafka-transaction", daemon=True).start()
    try:
        outcome.result(CALL_S + LOST_S)
    except TimeoutError:
        raise TransientError("kafka: the client lost an answer") from None


def _typed(exception: KafkaException) -> Exception:
    """The meaning of the answer for the transaction; an answer that nobody expects stays itself."""
    error = exception.args[0]
    if is_fatal(exception):
        return FencedError(f"kafka: {error.name()}")
    is_stale = error.code() in STALE
    if is_stale or error.txn_requires_abort():
        return _MustAbortError(f"kafka: {error.name()}", is_stale=is_stale)
    if error.retriable():
        return TransientError(f"kafka: {error.name()}")
    return exception


class _MustAbortError(Exception):
    """The transaction can only be aborted."""

    def __init__(self, message: str, is_stale: bool) -> None:
        super().__init__(message)
        self.is_stale = is_stale


class _Receipt:
    """The offsets after the last message of each partition."""

    def __init__(self) -> None:
        self.ends: dict[Place, int] = {}

    def on_delivery(self, error: KafkaError | None, message: Message) -> None:
        if error is None:
            place = (message.topic() or "", message.partition() or 0)
            self.ends[place] = max(self.ends.get(place, 0), (message.offset() or 0) + 1)

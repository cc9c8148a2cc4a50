"""Kafka transactions: messages and consumed offsets become visible together, or none of them.

A member that lost its partitions is refused by the group's metadata (KIP-447): the broker compares
the generation in it with the group's. So one transactional id for each process is enough.
"""

import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from typing import Any, Protocol
from uuid import uuid4

from confluent_kafka import KafkaException, Producer, TopicPartition

from adapters.kafka.asked_offsets import AskedOffsets
from adapters.kafka.ends import Place
from adapters.kafka.hanging_transactions import end_hanging
from adapters.kafka.publisher import Outgoing, produce, serve
from adapters.kafka.receipt import Receipt
from adapters.kafka.stage_publisher import RoleTopics
from adapters.kafka.transactional_calls import (
    CALL_S,
    FencedError,
    LostAnswerError,
    MustAbortError,
    StaleMemberError,
    checked,
    not_produced,
)
from adapters.kafka.transactional_producer import IDLE_S, transactional_producer
from adapters.process.logs import logger
from adapters.process.retry import (
    PATIENCE_S,
    TransientError,
    is_stopping,
    retry_transient,
)
from adapters.settings import Settings
from schemas.stage_kinds import Fold, Stage

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


class Transactions(Protocol):
    """Port: see `KafkaTransactions`."""

    def commit(
        self, messages: Sequence[Outgoing], offsets: Mapping[Place, int], group: object
    ) -> dict[Place, int]:
        """See `KafkaTransactions.commit`."""


def started(settings: Settings, role: Stage | Fold) -> "KafkaTransactions":
    """The producer of this worker of a stage or fold, ready to commit. Blocks as `start` does.

    No two live workers of a group may have one host name and number: the later ends the earlier.
    """
    topics = RoleTopics(role).names
    transactions = KafkaTransactions(settings.kafka, writer_of(settings, role), role.group, topics)
    transactions.start()
    return transactions


def writer_of(settings: Settings, role: Stage | Fold) -> str:
    """The transactional id of this worker. The next start of the worker must have the same."""
    return f"{role.group}-{settings.host_name}-{settings.worker}"


class KafkaTransactions:
    """One transactional producer. Not thread-safe; every call may block."""

    def __init__(
        self,
        bootstrap: str,
        transactional_id: str,
        group: str = "",
        topics: Collection[str] = (),
        idle_s: float = IDLE_S,
    ) -> None:
        """Asks nothing of the broker yet: see `start`.

        `group` is that of the offsets. `topics` are all that this id ever writes.
        """
        self._bootstrap = bootstrap
        self._id = transactional_id
        self._group = group or transactional_id
        self._topics = topics
        self._idle_s = idle_s
        self._producer = self._new_producer()
        self._fenced: list[float] = []

    def _new_producer(self) -> Producer:
        return transactional_producer(self._bootstrap, self._id, self._idle_s)

    def start(self) -> None:
        """Aborts what an earlier process of this id left open, and fences that process.

        Ends transactions of the id that hang (`end_hanging`), or logs that it could not. Call it
        once, before `commit`. Raises TransientError when the broker stays away.
        """
        self._take_id()
        try:
            end_hanging(self._producer, self._bootstrap, self._group, self._topics)
        except (FencedError, MustAbortError, KafkaException, TransientError) as error:
            logger().warning("hanging_transactions_not_ended", id=self._id, reason=str(error))
            self._producer = self._new_producer()
            self._take_id()
        serve(self._producer)  # log lines come out here

    def _take_id(self) -> None:
        retry_transient(self._ask_for_id)

    def _ask_for_id(self) -> None:
        # A call that got no answer may have been carried out: only the same call again tells.
        try:
            checked(self._producer.init_transactions, CALL_S)
        except LostAnswerError:
            # It may still be carried out, on its thread, and the client then refuses another one.
            self._producer = self._new_producer()
            raise

    def commit(
        self, messages: Sequence[Outgoing], offsets: Mapping[Place, int], group: Any
    ) -> dict[Place, int]:
        """Publishes `messages` and commits `offsets` for the member `group`, in one transaction.

        `group` is the consumer's group metadata from the moment when it took the messages. Returns
        the offset after the last message for each partition that messages name.

        Raises StaleMemberError when the member has lost its partitions: nothing was written. Raises
        FencedError when another live process has the id. Raises TransientError when the broker
        stays away; the outcome is unknown then, so end the process: its next start finds out. When
        the process is to end, one attempt is made: the batch in hand was worked on.
        """
        until_s = time.monotonic() + PATIENCE_S
        while True:
            receipt = Receipt()
            token = WHOSE + uuid4().hex
            try:
                self._attempt(receipt, messages, _consumed(offsets, token), group)
            except MustAbortError as error:
                self._abort()
                if error.is_stale:
                    raise StaleMemberError(str(error)) from error
                time.sleep(AGAIN_S)
            except (FencedError, TransientError) as error:
                if self._is_carried_out(error, offsets, token):
                    return receipt.ends
            else:
                return receipt.ends
            if is_stopping() or time.monotonic() > until_s:
                raise TransientError("kafka takes every transaction back")

    def _attempt(
        self,
        receipt: Receipt,
        messages: Sequence[Outgoing],
        consumed: Sequence[TopicPartition],
        group: Any,
    ) -> None:
        checked(self._producer.begin_transaction)
        for message in messages:
            self._produce(message, receipt)
        if consumed:
            checked(self._producer.send_offsets_to_transaction, consumed, group, CALL_S)
        checked(self._producer.commit_transaction, CALL_S)
        serve(self._producer)  # log lines come out here

    def _abort(self) -> None:
        try:
            checked(self._producer.abort_transaction, CALL_S)
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

    def _is_carried_out(self, error: Exception, offsets: Mapping[Place, int], token: str) -> bool:
        """Whether a transaction without an answer has its effects. It is settled then.

        Raises TransientError when the process is to end: its next start finds out.
        """
        if is_stopping():
            raise TransientError(f"no outcome before the end: {error}") from error
        # No answer, or one about a transaction that the broker gave up: it was frozen, or we were.
        # The client does not get over it, and its next call may never end.
        self._renew(error)
        return retry_transient(lambda: self._is_committed(offsets, token))

    def _is_committed(self, offsets: Mapping[Place, int], token: str) -> bool:
        if not offsets:
            return False
        with closing(AskedOffsets(self._bootstrap)) as asked:
            tokens = asked.metadata(self._group, offsets.keys())
        return token in tokens.values()

    def _produce(self, message: Outgoing, receipt: Receipt) -> None:
        try:
            named = message.partition is not None
            produce(self._producer, message, receipt.on_delivery if named else None)
        except BufferError as error:
            raise MustAbortError("kafka: the producer's queue is full", is_stale=False) from error
        except KafkaException as exception:
            raise not_produced(exception) from exception

    def close(self) -> None:
        """Serves the callbacks that are left. An open transaction is aborted by the broker."""
        self._producer.flush(1.0)


def _consumed(offsets: Mapping[Place, int], token: str) -> list[TopicPartition]:
    """The offsets to commit, each with the token by which this transaction is known again."""
    consumed: list[TopicPartition] = []
    for (topic, partition), offset in offsets.items():
        consumed.append(TopicPartition(topic, partition, offset, token))
    return consumed

"""Calls of a transactional producer: how long one may take, and the meaning of its error."""

from collections.abc import Callable

from confluent_kafka import KafkaError, KafkaException

from adapters.kafka.publisher import is_fatal
from adapters.kafka.timed_call import LOST_S, in_time
from adapters.process.retry import TransientError

CALL_S = 5.0
"""Seconds that one call may block. SIGTERM waits for it."""
STALE = {
    KafkaError.UNKNOWN_MEMBER_ID,
    KafkaError.ILLEGAL_GENERATION,
    KafkaError.FENCED_INSTANCE_ID,
    KafkaError.STALE_MEMBER_EPOCH,
    KafkaError.FENCED_MEMBER_EPOCH,
}
"""Answers to a member that the group has gone on without."""
NOT_TAKEN = {KafkaError._STATE, KafkaError.TOPIC_AUTHORIZATION_FAILED}  # noqa: SLF001
"""Answers of the client itself to a message, which the next transaction may not meet.

It has heard meanwhile that the transaction must be aborted; or it remembers, for a moment, what the
broker said of the topic. A broker that goes on saying so ends the attempts by PATIENCE_S.
"""


class StaleMemberError(Exception):
    """The group gave our partitions to others. The transaction was aborted and has no effect."""


class FencedError(Exception):
    """The producer can do nothing any more: another live process has its id. End the process."""


class LostAnswerError(TransientError):
    """The call did not return in its time, and may never. It may still be carried out."""


class MustAbortError(Exception):
    """The transaction can only be aborted."""

    def __init__(self, message: str, is_stale: bool) -> None:
        super().__init__(message)
        self.is_stale = is_stale


def checked(call: Callable[..., object], *arguments: object) -> None:
    """Raises the error of the call by its meaning; LostAnswerError when it does not return."""
    try:
        in_time(CALL_S + LOST_S, call, *arguments)
    except TimeoutError:
        raise LostAnswerError(f"kafka: the client lost the answer to {_name(call)}") from None
    except KafkaException as exception:
        raise typed(exception) from exception


def _name(call: Callable[..., object]) -> str:
    return getattr(call, "__name__", "a call")


def typed(exception: KafkaException) -> Exception:
    """The meaning of the answer for the transaction; an answer that nobody expects stays itself."""
    error = exception.args[0]
    if is_fatal(exception):
        return FencedError(f"kafka: {error.name()}")
    is_stale = error.code() in STALE
    if is_stale or error.txn_requires_abort():
        return MustAbortError(f"kafka: {error.name()}", is_stale=is_stale)
    if error.retriable():
        return TransientError(f"kafka: {error.name()}")
    return exception


def not_produced(exception: KafkaException) -> Exception:
    """The meaning of the answer to a message that the client gave back at once."""
    error = exception.args[0]
    if error.code() in NOT_TAKEN:
        return MustAbortError(f"kafka: {error.name()}", is_stale=False)
    return typed(exception)

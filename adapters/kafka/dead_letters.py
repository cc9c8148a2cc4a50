"""Dead letters as messages: the original bytes, with their reason and origin in the headers."""

from adapters.kafka.consumer import Fetched
from adapters.kafka.publisher import Outgoing
from adapters.process.logs import logger
from schemas.rejections import Header, Reason
from schemas.topics import BY_NAME

MOST_DETAIL = 500
"""Letters of the detail: a header is no place for more."""


def letter(source: Fetched, *, stage: str, reason: Reason, detail: str, attempt: int) -> Outgoing:
    """The message for the dead-letter topic. `detail` must have no content of the message."""
    headers: dict[str, str] = {
        Header.REASON: reason,
        Header.STAGE: stage,
        Header.ATTEMPT: str(attempt),
        Header.TOPIC: source.topic,
        Header.PARTITION: str(source.partition),
        Header.OFFSET: str(source.offset),
        Header.DETAIL: detail[:MOST_DETAIL],
    }
    return Outgoing(BY_NAME[source.topic].dead_letters, source.key, source.value, headers)


def log_letter(source: Fetched, stage: str, reason: Reason) -> None:
    """Log the place of a message that became a dead letter."""
    logger().warning(
        "dead_lettered",
        stage=stage,
        reason=reason,
        topic=source.topic,
        partition=source.partition,
        offset=source.offset,
    )

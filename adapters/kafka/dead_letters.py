"""Dead letters as messages: the original bytes, with their reason and origin in the headers."""

from adapters.kafka.publisher import Outgoing
from schemas.rejections import Header, Reason
from schemas.topics import BY_NAME

MOST_DETAIL = 500
"""Letters of the detail: a header is no place for more."""


def letter(
    topic: str,
    partition: int,
    offset: int,
    key: bytes | None,
    value: bytes | None,
    *,
    stage: str,
    reason: Reason,
    detail: str,
    attempt: int,
) -> Outgoing:
    """The message for `topic`'s dead-letter topic. `detail` must have no content of the message."""
    headers: dict[str, str] = {
        Header.REASON: reason,
        Header.STAGE: stage,
        Header.ATTEMPT: str(attempt),
        Header.TOPIC: topic,
        Header.PARTITION: str(partition),
        Header.OFFSET: str(offset),
        Header.DETAIL: detail[:MOST_DETAIL],
    }
    return Outgoing(BY_NAME[topic].dead_letters, key, value, headers)

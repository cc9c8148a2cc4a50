"""Dead letters as messages: the original bytes, with the reason and where they came from in the headers."""

from adapters.kafka.publisher import Outgoing
from schemas.rejections import Header, Reason
from schemas.topics import BY_NAME


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
    """The message for `topic`'s dead-letter topic. `detail` must hold no content of the message."""
    headers: dict[str, str] = {
        Header.REASON: reason,
        Header.STAGE: stage,
        Header.ATTEMPT: str(attempt),
        Header.TOPIC: topic,
        Header.PARTITION: str(partition),
        Header.OFFSET: str(offset),
        Header.DETAIL: detail[:500],
    }
    return Outgoing(BY_NAME[topic].dead_letters, key, value, headers)

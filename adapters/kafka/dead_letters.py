"""Dead letters as messages: the original with its reason and origin, and an event that says so."""

from adapters.kafka.fetched import Fetched
from adapters.kafka.publisher import MOST_BYTES, Outgoing, outgoing
from adapters.process import metrics
from adapters.process.clock import Clock
from adapters.process.logs import logger
from schemas import topics
from schemas.event import Event, SessionEvent
from schemas.ids import SessionId
from schemas.impossible import ID
from schemas.letter_events import LetterWritten
from schemas.rejections import Header, Reason
from schemas.stage_names import StageName
from schemas.topics import BY_NAME

MOST_DETAIL = 500
"""Letters of the detail: a header is no place for more."""
MOST_KEY_BYTES = 1_000
"""More than any key of ours."""


class Letters:
    """Writes the dead letters of one stage or fold. Pure but for the clock."""

    def __init__(self, stage: str, clock: Clock) -> None:
        self._stage = StageName(stage)
        metrics.expect_dead_letters(stage)
        self._clock = clock

    def about(
        self, source: Fetched, event: Event | None, reason: Reason, detail: str, attempt: int = 1
    ) -> list[Outgoing]:
        """The messages to publish. `event` is None for a message that could not be decoded.

        `detail` must have no content of the message. The event goes to the warehouse, so that a
        letter belongs to a session. A letter about such an event says nothing more: it would be
        about itself.
        """
        letter = self._letter(source, reason, detail[:MOST_DETAIL], attempt)
        if source.topic == topics.LETTERS.name:
            return [letter]
        written = LetterWritten(
            occurred_at_ms=self._clock(),
            session_id=session_of(source, event),
            stage=self._stage,
            topic=source.topic,
            partition=source.partition,
            offset=source.offset,
            reason=reason,
            detail=detail[:MOST_DETAIL],
        )
        return [letter, outgoing(topics.LETTERS, written)]

    def _letter(self, source: Fetched, reason: Reason, detail: str, attempt: int) -> Outgoing:
        headers: dict[str, str] = {
            Header.REASON: reason,
            Header.STAGE: self._stage,
            Header.ATTEMPT: str(attempt),
            Header.TOPIC: source.topic,
            Header.PARTITION: str(source.partition),
            Header.OFFSET: str(source.offset),
            Header.DETAIL: detail,
        }
        key = _kept(source.key, MOST_KEY_BYTES)
        value = _kept(source.value, MOST_BYTES)
        return Outgoing(BY_NAME[source.topic].dead_letters, key, value, headers)

    def log(self, source: Fetched, reason: Reason) -> None:
        """Log the place of a message that became a dead letter."""
        logger().warning(
            "dead_lettered",
            stage=self._stage,
            reason=reason,
            topic=source.topic,
            partition=source.partition,
            offset=source.offset,
        )


def _kept(part: bytes | None, most: int) -> bytes | None:
    """A part of the original; None for one that leaves no room for what the letter says.

    The original stays at its place until its retention is over.
    """
    return part if len(part or b"") <= most else None


def session_of(source: Fetched, event: Event | None) -> SessionId:
    """The session of a message; of one without an event, what its key says. Empty when none.

    A key that is no id is none: a letter that names it would be no event.
    """
    if isinstance(event, SessionEvent):
        return event.session_id
    if event is not None or BY_NAME[source.topic].key[0] != "session_id":
        return SessionId("")
    name, _, _ = source.key_text.partition(":")
    return SessionId(name if ID.fullmatch(name) else "")

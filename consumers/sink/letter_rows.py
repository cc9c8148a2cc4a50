"""Pure: rows of dead letters."""

from consumers.runtime.outcome import Record
from consumers.sink.table_row import Row
from schemas.days import moment
from schemas.letter_events import LetterWritten


def written(record: Record, event: LetterWritten) -> list[Row]:
    """The row of a dead letter.

    Of two events about one message the later one in the log wins: the message was sent back.
    """
    row: Row = (
        "dead_letters",
        {
            "session_id": event.session_id,
            "stage": event.stage,
            "topic": event.topic,
            "partition": event.partition,
            "offset": event.offset,
            "reason": event.reason,
            "detail": event.detail,
            "replayed": int(event.replayed),
            "seen_at": moment(event.occurred_at_ms),
            "version": record.offset,
        },
    )
    return [row]

"""Pure: the rows that an event sets in the warehouse."""

from consumers.runtime.outcome import Record
from consumers.sink import letter_rows, people_rows, provisional_rows, session_rows, word_rows
from consumers.sink.table_row import Row
from schemas.letter_events import LetterWritten
from schemas.session_rows import SessionListing
from schemas.word_events import WordsCounted


def rows_of(record: Record) -> list[Row]:
    """All rows that the event sets; empty for events that the warehouse does not keep.

    The same record gives the same rows. Rows of one event may be of several tables.
    """
    event = record.event
    if isinstance(event, SessionListing):
        return session_rows.listed(record, event)
    if isinstance(event, LetterWritten):
        return letter_rows.written(record, event)
    if isinstance(event, WordsCounted):
        return word_rows.counted(record, event)
    return (
        word_rows.rows_of(event)
        or session_rows.rows_of(event)
        or provisional_rows.rows_of(record)
        or people_rows.rows_of(event)
    )

"""The state of a window in the tally fold."""

import msgspec

from schemas.word_events import WordsAttributed


class Tallied(msgspec.Struct, frozen=True):
    """The newest generation that was counted, and the most rows that any generation had.

    Rows beyond those of the newest generation have to be retracted.
    """

    generation: int
    most: int


def window_key(event: WordsAttributed) -> str:
    """Returns the table key of one window."""
    return f"{event.session_id}/{event.window}"

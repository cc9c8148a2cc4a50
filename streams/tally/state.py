"""What the fold remembers of a window: how many rows it may have to overwrite."""

import msgspec

from schemas.word_events import WordsAttributed


class Tallied(msgspec.Struct, frozen=True):
    """How many rows any generation of a window held, and the newest generation seen."""

    generation: int
    most: int


def window_key(event: WordsAttributed) -> str:
    """Table key of one window."""
    return f"{event.session_id}/{event.window}"

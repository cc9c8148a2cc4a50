"""The state of the tally fold: one session, and the window that is counted."""

import msgspec

from schemas.ids import SessionId
from schemas.word_events import ProvisionalWordsCounted, WordsCounted


class Tallied(msgspec.Struct, frozen=True):
    """The newest generation that was counted, and the most rows that any generation had.

    Rows beyond those of the newest generation have to be retracted.
    """

    generation: int
    most: int


class TalliedSession(msgspec.Struct, frozen=True, kw_only=True):
    """`windows`: the number of windows that were counted, up to the last one.

    `is_closed`: the session was erased or its text expired, and nothing is counted again.
    """

    windows: int = 0
    is_closed: bool = False


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """A session and the window of the event that is handled. `counted` is not kept.

    `session` is None when nothing is known of the session, or not any more.
    """

    session_id: SessionId
    session: TalliedSession | None = None
    window: int = 0
    tallied: Tallied | None = None
    counted: WordsCounted | ProvisionalWordsCounted | None = None

    @property
    def is_closed(self) -> bool:
        """Whether nothing is counted any more."""
        return self.session is not None and self.session.is_closed


def window_key(session_id: SessionId, window: int) -> str:
    """Returns the table key of one window."""
    return f"{session_id}/{window}"

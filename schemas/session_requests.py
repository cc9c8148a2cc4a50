"""Requests about a session. The fold `sessions` accepts or rejects each of them."""

from schemas.event import SessionEvent
from schemas.ids import SpeakerLabel, UserId


class HintRequested(SessionEvent, identity=("session_id", "request_id")):
    """`by` says how many people talked. Opens a generation with that many speakers.

    While one is worked on, the latest hint waits for its end.
    """

    request_id: str
    by: UserId
    speakers: int


class MergeRequested(SessionEvent, identity=("session_id", "request_id")):
    """Two speakers are one person. `target` keeps its label."""

    request_id: str
    by: UserId
    target: SpeakerLabel
    source: SpeakerLabel


class SplitRequested(SessionEvent, identity=("session_id", "request_id")):
    """One speaker is two people."""

    request_id: str
    by: UserId
    speaker: SpeakerLabel


class CorrectionUndoRequested(SessionEvent, identity=("session_id", "request_id")):
    """`by` takes a hint, a merge or a split back. The voices are as they were before it."""

    request_id: str
    by: UserId
    correction: int


class RecountRequested(SessionEvent, identity=("session_id", "request_id")):
    """Count the stored words again by another lexicon. Nothing is transcribed again."""

    request_id: str
    lexicon: str


class EraseRequested(SessionEvent, identity=("session_id", "request_id")):
    """The session is to be removed from every store. Only its owner may ask."""

    request_id: str
    by: UserId


class ReplayRequested(SessionEvent, identity=("session_id", "request_id")):
    """Work on a dead-lettered window again, as a new revision."""

    request_id: str
    window: int

"""What people and the command line may ask of a session; the `sessions` fold accepts or refuses each."""

from schemas.event import SessionEvent
from schemas.ids import SpeakerLabel, UserId


class HintRequested(SessionEvent, identity=("session_id", "request_id")):
    """Somebody counted heads: cluster again into `speakers` people."""

    request_id: str
    by: UserId
    speakers: int


class MergeRequested(SessionEvent, identity=("session_id", "request_id")):
    """Two speakers are one person; `target` keeps its label."""

    request_id: str
    by: UserId
    target: SpeakerLabel
    source: SpeakerLabel


class SplitRequested(SessionEvent, identity=("session_id", "request_id")):
    """One speaker is two people."""

    request_id: str
    by: UserId
    speaker: SpeakerLabel


class RecountRequested(SessionEvent, identity=("session_id", "request_id")):
    """Count the stored words again with another lexicon; nothing is heard again."""

    request_id: str
    lexicon: str


class EraseRequested(SessionEvent, identity=("session_id", "request_id")):
    """The session must go from every store."""

    request_id: str
    by: UserId


class ReplayRequested(SessionEvent, identity=("session_id", "request_id")):
    """A dead-lettered window shall be worked on again, as a new revision."""

    request_id: str
    window: int

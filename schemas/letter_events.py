"""The event that says of a message that it became a dead letter."""

from schemas.event import SessionEvent
from schemas.rejections import Reason
from schemas.stage_names import StageName


class LetterWritten(SessionEvent, identity=("stage", "topic", "partition", "offset", "replayed")):
    """The message at `topic`, `partition` and `offset` was rejected by `stage`.

    It holds no content: no word, no name, no audio. `session_id` is empty for a message that is
    about no session. `replayed`: somebody sent the message back, so it is rejected no longer.
    """

    stage: StageName
    topic: str
    partition: int
    offset: int
    reason: Reason
    detail: str
    replayed: bool = False

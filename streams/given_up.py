"""Pure: an event that a fold gave up, told to its session: nothing will come of it."""

from schemas import topics
from schemas.event import Event
from schemas.rejections import Reason
from schemas.session_events import SessionSealed, WorkFailed
from schemas.speech_events import SpeakersIdentified
from schemas.stage_kinds import Fold
from schemas.word_events import WordsAttributed, WordsCounted
from streams.fold import Outputs

OfWindow = WordsAttributed | WordsCounted
OfGeneration = SessionSealed | SpeakersIdentified | OfWindow


def faults(fold: Fold, event: Event | None, reason: Reason) -> Outputs:
    """Returns what the session is told; nothing for events that no generation waits for."""
    if topics.FAULTS not in fold.writes or not isinstance(event, OfGeneration):
        return []
    fault = WorkFailed(
        occurred_at_ms=event.occurred_at_ms,
        session_id=event.session_id,
        generation=event.generation,
        stage=fold.name,
        reason=reason,
        window=event.window if isinstance(event, OfWindow) else None,
    )
    return [(topics.FAULTS, fault)]

"""The answer of clustering, as folds read it."""

from collections.abc import Iterable

from schemas.event import Pointer
from schemas.ids import SessionId, SpeakerLabel
from schemas.speech_events import SpeakersIdentified, SpeakerSummary


def speakers_identified(
    session_id: SessionId,
    generation: int,
    labels: Iterable[str],
    *,
    occurred_at_ms: int,
    talk_ms: int,
    turns: int,
) -> SpeakersIdentified:
    """Speakers of these labels, each with as much talk and as many turns."""
    speakers = tuple(
        SpeakerSummary(
            label=SpeakerLabel(label), talk_ms=talk_ms, turns=turns, overlap_ms=0, clips=()
        )
        for label in labels
    )
    return SpeakersIdentified(
        occurred_at_ms=occurred_at_ms,
        session_id=session_id,
        generation=generation,
        turns=Pointer(key="k", sha256="d", size=1),
        speakers=speakers,
    )

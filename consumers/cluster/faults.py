"""Pure: a clustering that nobody can do, told to its session."""

from collections.abc import Sequence

from consumers.runtime.outcome import DeadLettered
from schemas import topics
from schemas.event import Event
from schemas.rejections import Reason
from schemas.session_events import WorkFailed
from schemas.speech_events import VoicesComplete
from schemas.stage_names import StageName


def given_up(event: Event, reason: Reason, detail: str, lost: Sequence[int]) -> DeadLettered:
    """The session is told which windows have no voices, or that there are no speakers."""
    if not isinstance(event, VoicesComplete):
        return DeadLettered(reason, detail)
    windows: Sequence[int | None] = lost or [None]
    faults = [
        WorkFailed(
            occurred_at_ms=event.occurred_at_ms,
            session_id=event.session_id,
            generation=event.generation,
            stage=StageName.CLUSTER,
            reason=reason,
            window=window,
        )
        for window in windows
    ]
    return DeadLettered(reason, detail, tuple((topics.FAULTS, fault) for fault in faults))

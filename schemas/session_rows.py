"""A session as others see it: its row in the directory, its progress, and the time that is left."""

from schemas.event import SessionEvent
from schemas.ids import EventId, UserId
from schemas.ranges import Ranges
from schemas.session_events import Failure, State


class SessionListing(SessionEvent, identity=("caused_by",)):
    """The session's row in the directory, for every gateway and the warehouse.

    `received` are numbers of chunks; `conflicts` are those that came with other bytes as well.
    While many chunks are missing, the latest that came may not be in it yet.
    `owner` is empty when the session was erased so long ago that nothing of it can come any more.
    `clock_corrected`: `recorded_at_ms` is the time of arrival, as the phone's was impossible.
    Only a failed session has a `failure`.
    """

    caused_by: EventId
    owner: UserId
    group_id: str | None
    state: State
    generation: int
    recorded_at_ms: int
    clock_corrected: bool = False
    time_zone: str
    audio_ms: int
    received: Ranges
    conflicts: tuple[int, ...]
    expected: int | None
    failure: Failure | None = None


class SessionProgress(SessionEvent, identity=("caused_by",)):
    """How many windows each stage has done. Provisional, never part of a total."""

    caused_by: EventId
    state: State
    windows: int
    transcribed: int
    voiced: int
    counted: int
    audio_ms: int


class SessionEta(SessionEvent, identity=("caused_by",)):
    """Milliseconds that the windows left will take, at the pace of the latest ones.

    It is sent only when the phone has stopped.
    """

    caused_by: EventId
    eta_ms: int

"""What the fold remembers of a session, and what it orders."""

from dataclasses import dataclass

import msgspec

from schemas.event import Pointer
from schemas.ids import SessionId
from schemas.ranges import Ranges
from schemas.session_events import Constraint, SessionSealed, SpeakersConstrained
from schemas.speech_events import ProvisionalSpeakersIdentified, SpeakersIdentified


class StageResult(msgspec.Struct, frozen=True, kw_only=True):
    """The newest result of one window from one stage. The first one of a revision wins."""

    revision: int
    result: Pointer | None
    missing: Ranges


class SessionJoin(msgspec.Struct, frozen=True, kw_only=True):
    """One session: its sealed generation, whose windows have voices, and who was found.

    `is_closed`: the session was erased, or its text expired; there is nothing more to do.
    Before it is sealed: `provisional` is who was found so far, `requested_through` the end of the last request for provisional voices.
    """

    sealed: SessionSealed | None = None
    voiced: Ranges = ()
    identified: SpeakersIdentified | None = None
    former: Pointer | None = None
    constrained: SpeakersConstrained | None = None
    provisional: ProvisionalSpeakersIdentified | None = None
    requested_through: int = 0
    is_closed: bool = False


@dataclass(frozen=True)
class CompleteVoices:
    """All voices are there: write the manifest and ask for a clustering."""

    sealed: SessionSealed
    voices: tuple[Pointer | None, ...]
    former: Pointer | None
    constraints: tuple[Constraint, ...]


@dataclass(frozen=True)
class AttributeWindow:
    """Words and turns of this window are there: give each word its speaker."""

    sealed: SessionSealed
    window: int
    words: Pointer | None
    turns: Pointer
    missing: Ranges


@dataclass(frozen=True)
class CompleteProvisionalVoices:
    """The session goes on: find who is heard in the windows from `first` to before `through`, given who was before."""

    session_id: SessionId
    first: int
    through: int
    voices: tuple[Pointer | None, ...]
    former: Pointer | None


@dataclass(frozen=True)
class AttributeProvisionalWindow:
    """The session goes on: give the words of this window the speakers known so far."""

    session_id: SessionId
    window: int
    words: Pointer
    turns: Pointer


Order = CompleteVoices | AttributeWindow | CompleteProvisionalVoices | AttributeProvisionalWindow


def key_of(session_id: SessionId, stage: str, window: int) -> str:
    """Table key of the result of a stage for one window."""
    return f"{session_id}/{stage}/{window}"

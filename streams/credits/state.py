"""What the fold remembers of a session's counts and claims."""

import msgspec

from schemas.claim_events import ClaimKind, Decided
from schemas.ids import SpeakerLabel, UserId
from schemas.ranges import Ranges
from schemas.session_events import SessionSealed, SpeakersConstrained
from schemas.speech_events import SpeakersIdentified, SpeakerSummary
from streams.answers import Answers

Days = dict[str, dict[str, int]]
Moments = dict[str, dict[str, tuple[int, ...]]]


class WindowCounts(msgspec.Struct, frozen=True, kw_only=True):
    """One window's words: speaker -> day -> word -> when each was said, Unix milliseconds.

    `former`: those of the generation that is shown, while a newer one is being counted.
    """

    generation: int
    day: str
    said: dict[SpeakerLabel, Moments]
    spoken: dict[SpeakerLabel, int]
    missing: Ranges
    former: "WindowCounts | None" = None


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """Who a speaker is said to be."""

    kind: ClaimKind
    by: UserId
    user_id: UserId | None
    guest_name: str | None


class Tag(msgspec.Struct, frozen=True, kw_only=True):
    """Who is asked whether a speaker is them, and by whom."""

    by: UserId
    user_id: UserId


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """The last complete generation, by speaker."""

    generation: int
    lexicon: str
    speakers: tuple[SpeakerSummary, ...]
    days: dict[SpeakerLabel, Days]
    spoken: dict[SpeakerLabel, dict[str, int]]
    missing: Ranges


class Credited(msgspec.Struct, frozen=True, kw_only=True):
    """(day, word)s ever sent for one user and speaker: what a newer version does not hold is sent as 0."""

    days: dict[str, tuple[str, ...]]


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """One session."""

    sealed: SessionSealed | None = None
    identified: SpeakersIdentified | None = None
    counted: Ranges = ()
    totals: Totals | None = None
    ever_words: dict[SpeakerLabel, tuple[str, ...]] = {}
    claims: dict[SpeakerLabel, Claim] = {}
    tags: dict[SpeakerLabel, Tag] = {}
    constrained: SpeakersConstrained | None = None
    credited: dict[str, Credited] = {}
    answers: Answers[Decided] = Answers()
    version: int = 0
    erased: bool = False


def window_key(session_id: str, window: int) -> str:
    """Table key of one window's counts."""
    return f"{session_id}/{window}"

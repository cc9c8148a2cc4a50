"""Pure: what the log says of one session. Events come in the order of their topics."""

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple, TypeVar

from adapters.process.clock import SKEW_MS
from schemas.claim_events import CountJudged, SpeakerClaimed, SpeakerReleased, SpeakerTagged
from schemas.event import SessionEvent
from schemas.ids import SessionId, SpeakerLabel, UserId
from schemas.phone_events import ChunkUploaded, SessionStarted
from schemas.session_events import SessionErased, SessionSealed, State, TextExpired
from schemas.session_rows import SessionListing
from schemas.speech_events import SpeakersIdentified, WindowTranscribed, WindowVoiced
from schemas.word_events import (
    SessionCounted,
    VoiceCredited,
    WordsAttributed,
    WordsCounted,
    WordsCredited,
)

Claim = SpeakerClaimed | SpeakerReleased | SpeakerTagged
Whose = tuple[UserId, SpeakerLabel]
Place = tuple[SpeakerLabel, str, int]
"""The place of a count: its speaker, its word, and its Unix milliseconds."""
NO_END_MS = 1 << 62
"""Later than any moment."""
GENERATION = attrgetter("generation")
COUNTED_GENERATION = attrgetter("event.generation")
CLAIM_VERSION = attrgetter("claim_version")
CREDIT_VERSION = attrgetter("credit_version")
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True)
class Logged:
    """The place of an event in the log."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        """Return `topic:partition:offset`."""
        return f"{self.topic}:{self.partition}:{self.offset}"


@dataclass(frozen=True)
class Chunk:
    """One chunk that was answered 2xx: its event and its place."""

    event: ChunkUploaded
    place: Logged


class CountedWindow(NamedTuple):
    """The newest count of a window: its event and its place."""

    event: WordsCounted
    place: Logged


@dataclass
class LogFacts:
    """The newest events of a session, and all of its chunks.

    `waits` says that a stage still has to read an event of it. `newest_ms` is the time of the
    newest one by a clock that is right: one that is more than SKEW_MS after `now_ms` says nothing.
    """

    session_id: SessionId
    now_ms: int = NO_END_MS
    started: SessionStarted | None = None
    chunks: dict[str, Chunk] = field(default_factory=dict)
    listing: SessionListing | None = None
    listed_at: Logged | None = None
    sealed: SessionSealed | None = None
    is_erased: bool = False
    is_text_gone: bool = False
    transcribed: dict[int, WindowTranscribed] = field(default_factory=dict)
    voiced: dict[int, WindowVoiced] = field(default_factory=dict)
    identified: SpeakersIdentified | None = None
    attributed: dict[int, WordsAttributed] = field(default_factory=dict)
    counted: dict[int, CountedWindow] = field(default_factory=dict)
    totals: SessionCounted | None = None
    claims: dict[SpeakerLabel, Claim] = field(default_factory=dict)
    verdicts: dict[Place, CountJudged] = field(default_factory=dict)
    words_credited: dict[Whose, WordsCredited] = field(default_factory=dict)
    voice_credited: dict[Whose, VoiceCredited] = field(default_factory=dict)
    newest_ms: int = 0
    waits: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether the log has the session's first event: all that came after it is there too."""
        return self.started is not None

    @property
    def is_known(self) -> bool:
        """Whether anybody ever started the session, as far as the log says."""
        return self.started is not None or self.listing is not None

    @property
    def state(self) -> State:
        """The state of the session; it records as long as nothing else is listed."""
        return self.listing.state if self.listing else State.RECORDING

    @property
    def recorded_at_ms(self) -> int | None:
        """When the session began by its phone; None when the log has no start of it."""
        begun = self.listing or self.started
        return begun.recorded_at_ms if begun else None

    def take(self, event: SessionEvent, place: Logged) -> None:
        """Note one event. Of two facts with one identity the higher version stays."""
        if event.occurred_at_ms <= self.now_ms + SKEW_MS:
            self.newest_ms = max(self.newest_ms, event.occurred_at_ms)
        match event:
            case SessionStarted():
                self.started = self.started or event
            case ChunkUploaded():
                self.chunks.setdefault(event.event_id, Chunk(event, place))
            case SessionListing():
                self.listing = event
                self.listed_at = place
            case SessionErased():
                self.is_erased = True
            case TextExpired():
                self.is_text_gone = True
            case _:
                self._take_result(event, place)

    def _take_result(self, event: SessionEvent, place: Logged) -> None:
        """Note the result of a stage, if no newer one is known."""
        match event:
            case SessionSealed():
                if self.sealed is None or event.generation > self.sealed.generation:
                    self.sealed = event
            case WindowTranscribed():
                if _is_newer(event, self.transcribed.get(event.window)):
                    self.transcribed[event.window] = event
            case WindowVoiced():
                if _is_newer(event, self.voiced.get(event.window)):
                    self.voiced[event.window] = event
            case SpeakersIdentified():
                if self.identified is None or event.generation >= self.identified.generation:
                    self.identified = event
            case WordsAttributed():
                _keep(self.attributed, event.window, event, GENERATION)
            case WordsCounted():
                counted = CountedWindow(event, place)
                _keep(self.counted, event.window, counted, COUNTED_GENERATION)
            case _:
                self._take_credit(event)

    def _take_credit(self, event: SessionEvent) -> None:
        """Note a decision about people, or what follows from it, if no newer one is known."""
        match event:
            case SessionCounted():
                if self.totals is None or event.totals_version >= self.totals.totals_version:
                    self.totals = event
            case CountJudged():
                place = (event.speaker, event.word, event.said_at_ms)
                _keep(self.verdicts, place, event, CLAIM_VERSION)
            case SpeakerClaimed() | SpeakerReleased() | SpeakerTagged():
                _keep(self.claims, event.speaker, event, CLAIM_VERSION)
            case WordsCredited():
                _keep(self.words_credited, (event.user_id, event.speaker), event, CREDIT_VERSION)
            case VoiceCredited():
                _keep(self.voice_credited, (event.user_id, event.speaker), event, CREDIT_VERSION)


def _keep(kept: dict[K, V], key: K, event: V, version: Callable[[V], int]) -> None:
    """Put an event into `kept`, unless one of a higher version is there."""
    known = kept.get(key)
    if known is None or version(event) >= version(known):
        kept[key] = event


def _is_newer(
    event: WindowTranscribed | WindowVoiced, known: WindowTranscribed | WindowVoiced | None
) -> bool:
    """Whether a result is of a newer revision than the known one.

    Of two results of one revision the first one counts, as in the attribution fold.
    """
    return known is None or event.revision > known.revision

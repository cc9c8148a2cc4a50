"""Sessions from their start to the expiry of their text, through our own folds in this process.

The stages with models are scripted: every window has the same words, and two people take turns.
"""

from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeVar

from msgspec.structs import replace

from adapters.objects.lexicons import shipped_lexicon
from adapters.objects.store import BlobStore, put_by_digest
from adapters.settings import Settings
from deploy.benchmark.event_load import CHUNK_MS, Sent, chunk, ended, started
from schemas import topics
from schemas.claim_events import ClaimKind, ClaimRequested
from schemas.codec import encode
from schemas.event import Event, Pointer
from schemas.ids import SessionId, SpeakerLabel, UserId, derived_id
from schemas.limits import DAY_MS
from schemas.object_kinds import TRANSCRIBED_WORDS, TURNS
from schemas.objects import TranscribedWord, TranscribedWords, Turn, Turns
from schemas.session_events import SessionReady, SessionSealed, Tick
from schemas.speech_events import (
    SpeakersIdentified,
    SpeakerSummary,
    VoicesComplete,
    WindowReady,
    WindowResult,
    WindowTranscribed,
    WindowVoiced,
)
from streams.answers import digest
from streams.fold import Fold
from streams.main import folds, rules_of
from streams.store import Store

TURN_MS = 10_000
SPEAKERS = (SpeakerLabel("S1"), SpeakerLabel("S2"))
TEXT = "this one can lah but so expensive leh then how aiyo never mind lor we eat first ah".split()
WORD_MS = 900
HELD = (SessionSealed, SpeakersIdentified)
"""Events of generation 1 that states hold whole."""
EXPIRED_MS = 31 * DAY_MS
"""The text of a session is gone by then."""
ResultT = TypeVar("ResultT", bound=WindowResult)
Tables = dict[str, dict[str, bytes]]
"""By fold: what it has in its table."""


class FinishedSessions:
    """Runs sessions one after the other. Blocking; `blobs` gets their objects.

    Each has `chunks` chunks of CHUNK_MS. They begin and end at `now_ms`, so that their events
    differ by their ids alone.
    """

    def __init__(self, settings: Settings, blobs: BlobStore, now_ms: int, chunks: int) -> None:
        lexicon = shipped_lexicon()
        rules = rules_of(settings, lexicon)
        self._blobs = blobs
        self._now_ms = now_ms
        self._chunks = chunks
        self.bytes = 0
        """Bytes of all events and rows that were written, as the broker gets them."""
        self._folds = folds(blobs, self._clock, settings.window_ms, lexicon, rules)
        self._answers: dict[type[Event], Callable[..., list[Sent]]] = {
            WindowReady: self._windows,
            VoicesComplete: self._speakers,
            SessionReady: self._claims,
        }

    @property
    def _total_ms(self) -> int:
        return self._chunks * CHUNK_MS

    def _clock(self) -> int:
        return self._now_ms

    def tables(self, session: str) -> Tables:
        """Return what all folds keep of a session that was counted, claimed, and has expired."""
        held: Tables = {fold.name: {} for fold in self._folds}
        expiry = Tick(
            occurred_at_ms=self._now_ms + EXPIRED_MS,
            session_id=SessionId(session),
            now_ms=self._now_ms + EXPIRED_MS,
        )
        self._publish(held, _recorded(session, self._now_ms, self._chunks))
        self._publish(held, [(topics.INBOUND, expiry)])
        return held

    def _publish(self, held: Tables, events: Sequence[Sent]) -> None:
        waiting = deque(events)
        while waiting:
            topic, event = waiting.popleft()
            self.bytes += len(encode(event))
            for fold in self._folds:
                if topic in fold.role.reads:
                    waiting += self._run(fold, held[fold.name], event)
            answer = self._answers.get(type(event))
            waiting += answer(event) if answer else ()

    def _run(
        self,
        fold: Fold,
        table: dict[str, bytes],
        event: Event,
    ) -> list[Sent]:
        store = Store(table.get)
        outputs = fold.run(store, event)
        store.write_to(table)
        self.bytes += sum(len(table.get(key, b"")) for key in store.writes)
        return outputs

    def _windows(self, ready: WindowReady) -> list[Sent]:
        words = put_by_digest(
            self._blobs,
            TRANSCRIBED_WORDS,
            encode(_words(ready)),
            session_id=ready.session_id,
            window=ready.window,
        )
        # Nobody reads the voices here: their pointer is as long as a real one.
        voices = Pointer(key=words.key, sha256=words.sha256, size=words.size)
        return [
            (topics.TRANSCRIBED, _result(WindowTranscribed, ready, words)),
            (topics.VOICED, _result(WindowVoiced, ready, voices)),
        ]

    def _speakers(self, complete: VoicesComplete) -> list[Sent]:
        turns = tuple(_turn(n) for n in range(self._total_ms // TURN_MS))
        found = Turns(turns=turns, exclusive=turns, voiceprints=(), next_label=3)
        stored = put_by_digest(
            self._blobs,
            TURNS,
            encode(found),
            session_id=complete.session_id,
            generation=complete.generation,
        )
        identified = SpeakersIdentified(
            occurred_at_ms=self._now_ms,
            session_id=complete.session_id,
            generation=complete.generation,
            turns=stored,
            speakers=tuple(_summary(label, self._total_ms // 2) for label in SPEAKERS),
        )
        return [(topics.IDENTIFIED, identified)]

    def _claims(self, ready: SessionReady) -> list[Sent]:
        claims = _claims_of(ready.session_id, self._now_ms)
        return [(topics.CLAIMS_REQUESTED, claim) for claim in claims]

    def ids(self, session: str) -> list[str]:
        """Return all by which the rows of `session` differ from those of another one."""
        derived = [derived_id(kind.__name__, session, 1) for kind in HELD]
        claims = _claims_of(SessionId(session), self._now_ms)
        return [session, *derived, *map(digest, claims)]


def _turn(n: int) -> Turn:
    """The speakers take turns."""
    start_ms = n * TURN_MS
    return Turn(speaker=SPEAKERS[n % 2], start_ms=start_ms, end_ms=start_ms + TURN_MS)


def _recorded(session: str, now_ms: int, chunks: int) -> Sequence[Sent]:
    start = replace(started(session), recorded_at_ms=now_ms)
    uploads = [chunk(session, seq) for seq in range(chunks)]
    events = (start, *uploads, ended(session, chunks))
    return [(topics.INBOUND, replace(event, occurred_at_ms=now_ms)) for event in events]


def _words(ready: WindowReady) -> TranscribedWords:
    starts = range(ready.start_ms, max(ready.start_ms, ready.end_ms - WORD_MS), WORD_MS)
    words = [
        TranscribedWord(
            text=TEXT[n % len(TEXT)], start_ms=start, end_ms=start + WORD_MS, probability=0.9
        )
        for n, start in enumerate(starts)
    ]
    return TranscribedWords(words=tuple(words))


def _result(kind: type[ResultT], ready: WindowReady, result: Pointer) -> ResultT:
    return kind(
        occurred_at_ms=ready.occurred_at_ms,
        session_id=ready.session_id,
        window=ready.window,
        revision=ready.revision,
        result=result,
        failed=None,
        missing=(),
        model="scripted",
        work_ms=1_000,
    )


def _summary(label: SpeakerLabel, talk_ms: int) -> SpeakerSummary:
    return SpeakerSummary(
        label=label,
        talk_ms=talk_ms,
        turns=talk_ms // TURN_MS,
        overlap_ms=0,
        clips=((0, 5_000), (20_000, 25_000)),
    )


def _claims_of(session_id: SessionId, now_ms: int) -> list[ClaimRequested]:
    return [
        ClaimRequested(
            occurred_at_ms=now_ms,
            session_id=session_id,
            request_id=derived_id("BenchClaim", label),
            speaker=label,
            by=UserId(f"bench-{number}"),
            kind=ClaimKind.SELF,
        )
        for number, label in enumerate(SPEAKERS)
    ]

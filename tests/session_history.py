"""A session as its fold reads it: its phone, its owner's requests, the stages' answers."""

from msgspec.structs import replace

from schemas.event import Event
from schemas.ids import SessionId, UserId
from schemas.phone_events import ChunkUploaded, Consent, SessionEnded, SessionStarted
from schemas.session_events import SessionCompleted, SessionReady, SessionSealed, Tick
from schemas.session_requests import HintRequested, RecountRequested
from schemas.speech_events import SpeakersIdentified
from schemas.word_events import SessionCounted, WordsCounted
from streams.sessions.fold import shape
from streams.sessions.state import Rules
from tests import folding
from tests.speakers import speakers_identified

RULES = Rules(
    window_ms=20_000,
    margin_before_ms=10_000,
    in_flight=99,
    grace_ms=30_000,
    gap_wait_ms=60_000,
    idle_ms=600_000,
    patience_ms=120_000,
    lexicon="1",
)
SESSION = SessionId("s")
OWNER = UserId("u")
STARTED = SessionStarted(
    occurred_at_ms=0,
    session_id=SESSION,
    owner=OWNER,
    time_zone="Asia/Singapore",
    recorded_at_ms=0,
    consent=Consent(text_version="1", agreed_at_ms=0),
)
ENDED = SessionEnded(occurred_at_ms=9, session_id=SESSION, owner=OWNER, chunks=4)


def chunk(seq: int, owner: UserId = OWNER) -> ChunkUploaded:
    return ChunkUploaded(
        occurred_at_ms=1,
        session_id=SESSION,
        owner=owner,
        seq=seq,
        sha256=f"{seq}",
        size=1,
        content_type="x",
        start_ms=seq * 30_000,
        duration_ms=30_000 if seq < 3 else 18_800,
    )


def run(events: list[Event], table: dict[str, bytes] | None = None) -> list[Event]:
    return folding.run(shape(RULES).run, events, table)


def recount(lexicon: str, request: str) -> RecountRequested:
    return RecountRequested(
        occurred_at_ms=200,
        session_id=SESSION,
        request_id=request,
        lexicon=lexicon,
    )


def seals_of(events: list[Event]) -> list[tuple[int, str, str]]:
    return [(s.generation, s.cause, s.lexicon) for s in run(events) if isinstance(s, SessionSealed)]


def tick(now_ms: int) -> Tick:
    return Tick(
        occurred_at_ms=now_ms,
        session_id=SESSION,
        now_ms=now_ms,
    )


def silent(generation: int) -> WordsCounted:
    return WordsCounted(
        occurred_at_ms=10,
        session_id=SESSION,
        window=0,
        generation=generation,
        lexicon="1",
        day="2026-11-24",
        rows=(),
        most_rows=0,
        spoken={},
        missing=(),
    )


def totalled(generation: int) -> SessionCounted:
    return SessionCounted(
        occurred_at_ms=10,
        session_id=SESSION,
        owner=OWNER,
        generation=generation,
        totals_version=1,
        lexicon="1",
        speakers=(),
        missing=(),
        total_ms=15_000,
    )


def identified(generation: int, *labels: str) -> SpeakersIdentified:
    return speakers_identified(SESSION, generation, labels, occurred_at_ms=10, talk_ms=1, turns=1)


SHORT: list[Event] = [
    replace(STARTED, keep_transcript_days=2),
    replace(chunk(0), duration_ms=15_000),
    replace(ENDED, chunks=1, event_id=""),
    identified(1),
    silent(1),
    totalled(1),
]
TWO_DAYS_MS = 2 * 24 * 3600 * 1000
HINT = HintRequested(
    occurred_at_ms=TWO_DAYS_MS,
    session_id=SESSION,
    request_id="h",
    by=OWNER,
    speakers=2,
)
RECORDED = SHORT[:3]


def concluded(events: list[Event]) -> list[tuple[type[Event], tuple[str, ...]]]:
    kinds = (SessionReady, SessionCompleted)
    return [(type(sent), sent.speakers) for sent in run(events) if isinstance(sent, kinds)]

"""Events as the stages send them, published in bulk, and the time that a stage takes for them."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing

from adapters.kafka.publisher import KafkaPublisher, Outgoing, outgoing, publish_events
from adapters.process.clock import unix_ms
from deploy.devstack.running_stack import RunningStack
from deploy.uuid7 import new_session_id
from deploy.waiting import SHORTEST_S, until
from producers.phone.file_chunks import CHUNK_S
from schemas import topics
from schemas.event import Event
from schemas.fact_sheet import Topic
from schemas.ids import SessionId, SpeakerLabel, UserId
from schemas.phone_events import ChunkUploaded, Consent, SessionEnded, SessionStarted
from schemas.stage_kinds import Stage
from schemas.word_events import CountedRow, WordsCounted

BATCH = 5_000
"""Events that are published at once."""
DRAIN_TIMEOUT_S = 300
CHUNK_MS = CHUNK_S * 1000
"""Length of every chunk."""
DAY = "2026-11-23"
OWNER = UserId("bench")
Sent = tuple[Topic, Event]


def publish(stack: RunningStack, events: Sequence[Sent]) -> None:
    """Publish `events`. Blocks until the broker acknowledged all of them."""
    with closing(KafkaPublisher(stack.settings.kafka)) as publisher:
        for start in range(0, len(events), BATCH):
            publish_events(publisher, events[start : start + BATCH])


def drained(stack: RunningStack, events: Sequence[Sent], stage: Stage) -> float:
    """Return the seconds that the process `stage` takes for `events`, which wait for it.

    They are counted from the moment when it is ready to its last commit. Blocking.
    """
    topic = events[0][0]
    stack.stack.supervisor.stop([stage.name])
    publish(stack, events)
    stack.stack.supervisor.start([stage.name])
    until(lambda: stack.answers(stage.name), bool, DRAIN_TIMEOUT_S, SHORTEST_S)
    began = time.perf_counter()
    until(
        lambda: stack.lag_of(stage.group, topic), lambda lag: lag == 0, DRAIN_TIMEOUT_S, SHORTEST_S
    )
    return time.perf_counter() - began


def started(session: str) -> SessionStarted:
    """Return the start of a session."""
    now = unix_ms()
    return SessionStarted(
        occurred_at_ms=now,
        session_id=SessionId(session),
        owner=OWNER,
        time_zone="Asia/Singapore",
        recorded_at_ms=now,
        consent=Consent(text_version="bench", agreed_at_ms=now),
    )


def ended(session: str, chunks: int) -> SessionEnded:
    """Return the end of a session that had `chunks` chunks."""
    return SessionEnded(
        occurred_at_ms=unix_ms(), session_id=SessionId(session), owner=OWNER, chunks=chunks
    )


def chunk(
    session: str,
    seq: int,
    sha256: str = "0" * 64,
    size: int = 1,
    duration_ms: int = CHUNK_MS,
) -> ChunkUploaded:
    """Return chunk `seq` of a session whose chunks are all as long."""
    return ChunkUploaded(
        occurred_at_ms=unix_ms(),
        session_id=SessionId(session),
        owner=OWNER,
        seq=seq,
        sha256=sha256,
        size=size,
        content_type="audio/flac",
        start_ms=seq * duration_ms,
        duration_ms=duration_ms,
    )


def trace(sessions: int, chunks: int) -> Iterator[Outgoing]:
    """Yield the events of new sessions that record side by side."""
    ids = [new_session_id() for _ in range(sessions)]
    for session in ids:
        yield outgoing(topics.INBOUND, started(session))
    for seq in range(chunks):
        for session in ids:
            yield outgoing(topics.INBOUND, chunk(session, seq))


def counted(words: Sequence[str], day: str = DAY) -> WordsCounted:
    """Return a window of a new session in which one speaker said `words`."""
    rows = tuple(_row(n, word, day) for n, word in enumerate(words))
    return WordsCounted(
        occurred_at_ms=unix_ms(),
        session_id=new_session_id(),
        window=0,
        generation=1,
        lexicon="bench",
        day=day,
        rows=rows,
        most_rows=len(rows),
        spoken={},
        missing=(),
    )


def _row(n: int, word: str, day: str) -> CountedRow:
    return CountedRow(
        ordinal=n,
        speaker=SpeakerLabel("S1"),
        word=word,
        said_at_ms=unix_ms(),
        day=day,
        probability=0.9,
        reason="exact",
    )

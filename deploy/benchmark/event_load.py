"""Events as the stages send them, put on their topics in bulk, and how long a part takes for them."""

import time
from collections.abc import Callable, Sequence

from adapters.kafka.publisher import KafkaPublisher, outgoing
from adapters.process.clock import unix_ms
from deploy.devstack.running_stack import RunningStack
from deploy.uuid7 import new_session_id
from deploy.waiting import until
from schemas.event import Event
from schemas.ids import SessionId, SpeakerLabel, UserId
from schemas.phone_events import ChunkUploaded, Consent, SessionStarted
from schemas.topics import Topic
from schemas.word_events import CountedRow, WordsCounted

TOGETHER = 5_000
Told = tuple[Topic, Event]


def sent(stack: RunningStack, events: Sequence[Told]) -> None:
    """Blocking: all of them acknowledged by the broker."""
    publisher = KafkaPublisher(stack.settings.kafka)
    for start in range(0, len(events), TOGETHER):
        publisher.publish(
            [outgoing(topic, event) for topic, event in events[start : start + TOGETHER]]
        )
    publisher.close()


def drained(stack: RunningStack, events: Sequence[Told], part: str) -> float:
    """Seconds that `part` takes for `events` that wait for it, from the moment it is ready to its last commit."""
    stack.stack.supervisor.stop([part])
    sent(stack, events)
    stack.stack.supervisor.start([part])
    began = _await(lambda: stack.answers(part))
    return _await(lambda: stack.lag_of(f"lahstats-{part}", events[0][0]) == 0) - began


def _await(done: Callable[[], bool]) -> float:
    until(done, bool, 300)
    return time.perf_counter()


def started(session: str) -> SessionStarted:
    """A phone begins."""
    now = unix_ms()
    return SessionStarted(
        occurred_at_ms=now,
        session_id=SessionId(session),
        owner=UserId("bench"),
        time_zone="Asia/Singapore",
        recorded_at_ms=now,
        consent=Consent(text_version="bench", agreed_at_ms=now),
    )


def chunk(session: str, seq: int) -> ChunkUploaded:
    """Half a minute of it arrived."""
    return ChunkUploaded(
        occurred_at_ms=unix_ms(),
        session_id=SessionId(session),
        owner=UserId("bench"),
        seq=seq,
        sha256="0" * 64,
        size=1,
        content_type="audio/flac",
        start_ms=seq * 30_000,
        duration_ms=30_000,
    )


def counted(words: Sequence[str], day: str = "2026-11-23") -> WordsCounted:
    """A window of a session of its own, in which one voice said `words`."""
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
